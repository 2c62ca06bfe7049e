package io.ramzswap.attach.kernel;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.kernel.KernelAttachment;
import io.ramzswap.nbd.kernel.KernelDevice;
import io.ramzswap.nbd.kernel.KernelOptions;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ThreadFactory;

/** What is asked of the kernel's nbd driver. An interface, so that tests can play a kernel. */
interface KernelDriver {
    /** Whether the driver is loaded. */
    boolean isLoaded() throws IOException;

    /** Whether it knows {@code device}. */
    boolean exists(KernelDevice device);

    /** Whether some server is attached to {@code device}. */
    boolean isAttached(KernelDevice device);

    /** Whether a daemon like this one attached {@code device} and has died since. */
    boolean isLeftBehind(KernelDevice device);

    /** Detaches what was left behind. */
    void release(KernelDevice device) throws IOException;

    /** Attaches {@code export} with so many connections; the kernel can send requests from now on. */
    AttachedExport attach(KernelDevice device, Export export, OptionalInt connections, ThreadFactory threads)
            throws IOException;

    /** Opens {@code device} so that no other process can claim it, too. */
    Claim claim(KernelDevice device) throws IOException;

    /** An export that is attached. */
    interface AttachedExport {
        /** Opens its device as {@link KernelDriver#claim} does, to detach it. */
        DetachClaim claim() throws IOException;

        /** What could not be set of the device, a line each; it serves all the same. */
        default List<String> complaints() {
            return List.of();
        }

        /**
         * Reads a page of the export through a connection like the kernel's; does nothing once it is detached.
         *
         * @throws IOException if the connection has broken
         */
        void probe() throws IOException;
    }

    /** While it is open, nobody can swap on the device or mount it. A plain open(2) it does not keep out. */
    interface Claim extends AutoCloseable {
        @Override
        void close();
    }

    /** A claim on a device of ours, which no program can make swap or mount between the look at it and the detach. */
    interface DetachClaim extends Claim {
        /** Detaches the export, and closes the claim. */
        void detach() throws IOException;
    }

    /** The kernel this runs on; {@code options} hold unless a device is given other ones. */
    static KernelDriver running(KernelOptions options) {
        return new KernelDriver() {
            @Override
            public boolean isLoaded() throws IOException {
                return !KernelDevice.list().isEmpty();
            }

            @Override
            public boolean exists(KernelDevice device) {
                return device.exists();
            }

            @Override
            public boolean isAttached(KernelDevice device) {
                return device.isAttached();
            }

            @Override
            public boolean isLeftBehind(KernelDevice device) {
                return device.isLeftBehind(options.backendIdentifier());
            }

            @Override
            public void release(KernelDevice device) throws IOException {
                KernelAttachment.release(device, options);
            }

            @Override
            public AttachedExport attach(
                    KernelDevice device, Export export, OptionalInt connections, ThreadFactory threads)
                    throws IOException {
                KernelOptions chosen =
                        connections.isPresent() ? options.withConnections(connections.getAsInt()) : options;
                return ProbedAttachment.attach(device, export, chosen, threads);
            }

            @Override
            public Claim claim(KernelDevice device) throws IOException {
                return device.claim()::close;
            }
        };
    }
}
