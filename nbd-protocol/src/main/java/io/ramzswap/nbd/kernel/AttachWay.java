package io.ramzswap.nbd.kernel;

import java.io.IOException;
import java.util.List;

/** One of the two ways to talk to the driver. Used by one thread at a time. */
interface AttachWay extends AutoCloseable {
    /**
     * Gives the kernel its ends of the connections; it may send requests at once.
     *
     * @param sockets descriptors, of which the kernel keeps copies
     */
    void connect(KernelDevice device, Geometry geometry, List<Integer> sockets) throws IOException;

    /** Whether {@link #connect} got that far, so that the device is ours to give up. */
    boolean isConnected();

    /** Whether the kernel has given the device up, or never took it, and why; empty while all is well. */
    String failure();

    /** Tells the kernel to finish and let go. */
    void disconnect(KernelDevice device, DeviceClaim claim) throws IOException;

    /**
     * Tells the kernel to let go of a device that does not work. Does not open it: an open may wait for what the device does
     * not answer.
     */
    void abandon(KernelDevice device) throws IOException;

    @Override
    void close();

    /**
     * The geometry of a device, as given to the kernel.
     *
     * @param sizeBytes a multiple of the block size
     * @param blockSizeBytes logical block size
     * @param transmissionFlags what the server can do
     */
    record Geometry(long sizeBytes, int blockSizeBytes, int transmissionFlags) {}
}
