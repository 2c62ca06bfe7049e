package io.ramzswap.nbd.helped;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The blocks of a write that nobody has begun: those of the thread in front, and behind them those of the thread at the back.
 * A thread takes its own from the first one up, and when it has none the last one of the other's. Every block is taken once.
 *
 * <p>Both ranges are one word, which is changed as a whole: bits 0 to 15 are the first block in front and 16 to 31 the one
 * behind its last, 32 to 63 the same of the back.
 *
 * <p>Thread-safe; lock-free.
 */
final class Halves {
    static final int NONE = -1;
    static final int MOST_BLOCKS = 0xFFFF;

    private static final int FRONT = 0;
    private static final int BACK = 32;
    private static final int END = 16;

    private final AtomicLong ranges = new AtomicLong();

    /** All of {@code blocks} are the front's. */
    void begin(int blocks) {
        ranges.set(word(0, blocks, blocks, blocks));
    }

    /** Gives the back half of what the front has to the back, which has none. */
    void split() {
        long old;
        int middle;
        do {
            old = ranges.get();
            middle = (first(old) + end(old) + 1) >>> 1;
        } while (!ranges.compareAndSet(old, word(first(old), middle, middle, end(old))));
    }

    int takeFront() {
        return take(FRONT, BACK);
    }

    int takeBack() {
        return take(BACK, FRONT);
    }

    /** For the half that begins at bit {@code own}. */
    private int take(int own, int other) {
        while (true) {
            final long old = ranges.get();
            final long mine = old >>> own;
            final long theirs = old >>> other;
            if (first(mine) < end(mine)) {
                if (ranges.compareAndSet(old, old + (1L << own))) {
                    return first(mine);
                }
            } else if (first(theirs) == end(theirs)) {
                return NONE;
            } else if (ranges.compareAndSet(old, old - (1L << (other + END)))) {
                return end(theirs) - 1;
            }
        }
    }

    private static long word(int front, int frontEnd, int back, int backEnd) {
        return front | (long) frontEnd << END | (long) back << BACK | (long) backEnd << (BACK + END);
    }

    private static int first(long half) {
        return (int) half & 0xFFFF;
    }

    private static int end(long half) {
        return (int) half >>> END;
    }
}
