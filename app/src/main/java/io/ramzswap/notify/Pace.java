package io.ramzswap.notify;

import java.util.concurrent.TimeUnit;

/**
 * How long to wait between two looks into the buffers, and when to rest. The fuller the buffers, the sooner the next look;
 * when events are lost in spite of that, again and again, the machine has better things to do.
 */
final class Pace {
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    /** Looks in a row that found events lost. */
    private static final int STRIKES = 100;

    private long pauseNanos = LONGEST_NANOS;
    private int strikes;

    /**
     * Takes note of a look.
     *
     * @param subBuffers that were read
     * @param capacity sub-buffers that there are
     * @param missed whether events were lost
     */
    void note(int subBuffers, int capacity, boolean missed) {
        strikes = missed ? strikes + 1 : 0;
        if (missed || subBuffers * 4 > capacity) {
            pauseNanos = Math.max(SHORTEST_NANOS, pauseNanos / 4);
        } else if (subBuffers * 8 < capacity) {
            pauseNanos = Math.min(LONGEST_NANOS, pauseNanos * 2);
        }
    }

    /** How long to wait now. */
    long pauseNanos() {
        return pauseNanos;
    }

    /** Whether it is time to rest; asking starts the count anew. */
    boolean takeRest() {
        if (strikes < STRIKES) {
            return false;
        }
        strikes = 0;
        return true;
    }
}
