package io.ramzswap.device;

/**
 * How much memory is kept ready for pages to come. The kernel swaps hardest when there is no memory left to ask for, so
 * the reserve has to last until the refiller gets a processor and memory again.
 */
final class ReserveSize {
    private static final long LEAST = 4L << 20;
    private static final long MOST = 64L << 20;
    private static final int SHARE_OF_RAM = 64;

    /** For experiments in a machine that may freeze: so many KiB and no more, to see what the reserve is worth. */
    private static final String PROPERTY = "ramzswap.reserveKib";

    private ReserveSize() {}

    /** A 64th of the host's memory, within 4 to 64 MiB. */
    static long of(long totalBytes) {
        long chosen = Long.getLong(PROPERTY, -1);
        return chosen >= 0 ? chosen << 10 : Math.max(LEAST, Math.min(MOST, totalBytes / SHARE_OF_RAM));
    }
}
