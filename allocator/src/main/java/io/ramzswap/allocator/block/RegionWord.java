package io.ramzswap.allocator.block;

/**
 * The contents of the word of a region's first frame, beside the pool's number.
 *
 * <pre>
 *   47       34 33 32 31          24 23             0
 *  +-----------+--+--+--------------+----------------+
 *  |     0     | D| I| stripe + 1   |  bytes in use  |      bytes in use: with headers
 *  +-----------+--+--+--------------+----------------+
 *  D  a block's header was found damaged: the region is not compacted any more
 *  I  isolated
 * </pre>
 */
final class RegionWord {
    private static final long ISOLATED = 1L << 32;
    private static final long DAMAGED = 1L << 33;
    private static final int STRIPE_SHIFT = 24;
    private static final int STRIPE_MASK = 0xFF;
    private static final int USED_MASK = (1 << STRIPE_SHIFT) - 1;

    private RegionWord() {}

    static long of(int stripe, int usedBytes) {
        return ((stripe + 1L) << STRIPE_SHIFT) | usedBytes;
    }

    static int stripe(long word) {
        return ((int) (word >>> STRIPE_SHIFT) & STRIPE_MASK) - 1;
    }

    static int usedBytes(long word) {
        return (int) word & USED_MASK;
    }

    static boolean isIsolated(long word) {
        return (word & ISOLATED) != 0;
    }

    static boolean isDamaged(long word) {
        return (word & DAMAGED) != 0;
    }

    static long damaged(long word) {
        return word | DAMAGED;
    }

    static long isolated(long word) {
        return word | ISOLATED;
    }
}
