package io.ramzswap.device;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One session's counts. One thread adds; any thread reads, and sees each count whole and soon. Counts of what is held go
 * down where a page is freed by another session than the one that stored it: only the sum over all sessions means
 * something.
 */
final class Counters {
    /** Keeps the counts of two sessions off each other's cache lines, prefetched neighbours included. */
    private static final int PADDING = 16;

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] cells = new long[PADDING + Counter.COUNT + PADDING];

    void add(Counter counter, long amount) {
        int index = PADDING + counter.index;
        CELLS.setOpaque(cells, index, cells[index] + amount);
    }

    long get(Counter counter) {
        return (long) CELLS.getOpaque(cells, PADDING + counter.index);
    }
}
