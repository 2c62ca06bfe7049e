package io.ramzswap.allocator.pool;

/** Spreads threads over stripes. */
public final class Stripes {
    /** Enough that few threads meet, few enough that their unfilled frames do not count. */
    public static final int DEFAULT_COUNT = 4;

    private Stripes() {}

    /** The stripe of the calling thread. */
    public static int own(int count) {
        return (int) (Thread.currentThread().getId() % count);
    }
}
