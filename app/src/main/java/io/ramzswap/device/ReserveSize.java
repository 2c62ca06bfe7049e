package io.ramzswap.device;

/**
 * How much memory is kept ready for pages to come. The kernel swaps hardest when there is no memory left to ask for, so
 * the reserve has to last until the refiller gets a processor and memory again.
 */
final class ReserveSize {
    private static final long LEAST = 4L << 20;
    private static final long MOST = 64L << 20;
    private static final int SHARE_OF_RAM = 64;

    private ReserveSize() {}

    /** A 64th of the host's memory, within 4 to 64 MiB. */
    static long of(long totalBytes) {
        return Math.max(LEAST, Math.min(MOST, totalBytes / SHARE_OF_RAM));
    }
}
