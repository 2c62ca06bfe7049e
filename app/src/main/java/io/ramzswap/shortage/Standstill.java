package io.ramzswap.shortage;

/**
 * Whether writes are refused time and again: in most of the last looks, and in the one just taken. A write that is refused now
 * and then does not count.
 */
final class Standstill {
    /** So many looks are remembered. */
    static final int LOOKS = 10;

    private static final int REFUSING_LOOKS = 8;

    /** A bit a look, the last one lowest: writes were refused since the look before. */
    private int history;

    private long lastRefused;

    /** Counts from {@code refusedWrites} on. */
    Standstill(long refusedWrites) {
        lastRefused = refusedWrites;
    }

    /** Takes a look: {@code refusedWrites} were refused until now. Returns whether it is a standstill. */
    boolean look(long refusedWrites) {
        boolean refusing = refusedWrites > lastRefused;
        lastRefused = refusedWrites;
        history = (history << 1 | (refusing ? 1 : 0)) & ((1 << LOOKS) - 1);
        return refusing && Integer.bitCount(history) >= REFUSING_LOOKS;
    }

    /** Forgets all looks: something was done about it. */
    void reset() {
        history = 0;
    }
}
