package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.transport.CpuLatency;

/**
 * How to attach.
 *
 * @param way netlink or ioctl
 * @param connections sockets between kernel and server, each with a thread; one a processor serves best
 * @param blockSizeBytes logical block size of the device: a power of two from 512 to the page size
 * @param timeoutSeconds how long one request may take before the kernel gives the connection up for good. With a single
 *     connection 0 lets it take for ever; with several 0 means 30 s (nbd.c, {@code nbd_xmit_timeout})
 * @param deadConnectionTimeoutSeconds how long requests wait for another server when all connections have broken, before
 *     they fail; netlink only
 * @param backendIdentifier shown in sysfs, and asked for by the kernel when another server takes over; empty for none;
 *     netlink only, ignored before Linux 5.14
 * @param buffers between kernel and server, as far as the system allows
 * @param cpuLatency what Linux is asked for while requests follow one another closely; it has to outlive the attachment
 */
public record KernelOptions(
        Way way,
        int connections,
        int blockSizeBytes,
        int timeoutSeconds,
        int deadConnectionTimeoutSeconds,
        String backendIdentifier,
        KernelBuffers buffers,
        CpuLatency cpuLatency) {
    private static final int SLOW_IS_NOT_DEAD_SECONDS = 3600;

    /** By which a later process knows what this one attached. */
    private static final String BACKEND_IDENTIFIER = "ramzswap";

    /** Ways to attach. */
    public enum Way {
        /** Netlink where the driver has it, ioctl elsewhere. */
        AUTO,
        /** Netlink or failure. */
        NETLINK,
        /** The ioctls of old. */
        IOCTL
    }

    /**
     * What suits swap, with one connection a processor. A connection that the kernel gives up does not come back, and with
     * the last one all pages are lost; so a server that is only slow, on a machine that has come to a crawl, gets an hour.
     * Sockets are as small as they get, for the kernel's reserve is not known here.
     */
    public static KernelOptions forSwap() {
        final int processors = Runtime.getRuntime().availableProcessors();
        return new KernelOptions(
                Way.AUTO,
                processors,
                4096,
                SLOW_IS_NOT_DEAD_SECONDS,
                30,
                BACKEND_IDENTIFIER,
                KernelBuffers.forReserve(0),
                CpuLatency.ANY);
    }

    /** The same by another way. */
    public KernelOptions withWay(Way other) {
        return new KernelOptions(
                other,
                connections,
                blockSizeBytes,
                timeoutSeconds,
                deadConnectionTimeoutSeconds,
                backendIdentifier,
                buffers,
                cpuLatency);
    }

    /** The same with another number of connections. */
    public KernelOptions withConnections(int other) {
        return new KernelOptions(
                way,
                other,
                blockSizeBytes,
                timeoutSeconds,
                deadConnectionTimeoutSeconds,
                backendIdentifier,
                buffers,
                cpuLatency);
    }

    /** The same with another latency. */
    public KernelOptions withCpuLatency(CpuLatency other) {
        return new KernelOptions(
                way,
                connections,
                blockSizeBytes,
                timeoutSeconds,
                deadConnectionTimeoutSeconds,
                backendIdentifier,
                buffers,
                other);
    }

    /** The same with other buffers. */
    public KernelOptions withBuffers(KernelBuffers other) {
        return new KernelOptions(
                way,
                connections,
                blockSizeBytes,
                timeoutSeconds,
                deadConnectionTimeoutSeconds,
                backendIdentifier,
                other,
                cpuLatency);
    }

    /** Checks what can be checked without the kernel. */
    public KernelOptions {
        if (connections < 1 || timeoutSeconds < 0 || deadConnectionTimeoutSeconds < 0) {
            throw new IllegalArgumentException("connections must be positive, timeouts not negative");
        }
        if (Integer.bitCount(blockSizeBytes) != 1 || blockSizeBytes < 512 || blockSizeBytes > 4096) {
            throw new IllegalArgumentException("block size " + blockSizeBytes + " is no power of two from 512 to 4096");
        }
    }
}
