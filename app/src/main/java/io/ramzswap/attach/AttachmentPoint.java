package io.ramzswap.attach;

import io.ramzswap.device.SwapExport;
import io.ramzswap.refusal.OperationException;
import java.util.OptionalInt;

/** Where a device can be reached: a block device of the kernel, or a listening socket. Thread-safe. */
public interface AttachmentPoint {
    /** The device's one name, as {@code /dev/nbd0}, whatever other names lead to it. */
    String name();

    /** What NBD clients call the export. */
    String exportName();

    /** Whether this machine's kernel is the one who reaches it, and so may be out of memory until it is answered. */
    boolean isKernels();

    /**
     * Makes the point ready for a store, before one is made: a device that a dead daemon has left attached is detached.
     *
     * @throws OperationException if no store could be attached now, and why; nothing has changed then
     */
    void makeReady() throws OperationException;

    /**
     * How many connections the next {@link #attach} makes, where that is for us to choose; a default if empty.
     *
     * @param count from 1 to 16
     */
    void setConnections(OptionalInt count);

    /**
     * Lets users reach {@code export}.
     *
     * @throws OperationException if that failed; nothing is left behind
     */
    Attachment attach(SwapExport export) throws OperationException;

    /** Finds attachment points. */
    @FunctionalInterface
    interface Finder {
        /**
         * The attachment point that a user calls {@code deviceName}.
         *
         * @throws OperationException if there is none, and why
         */
        AttachmentPoint find(String deviceName) throws OperationException;
    }
}
