package io.ramzswap.allocator.block;

/** Notices that moving objects gains no memory any more; of the thread that compacts. */
final class Exhaustion {
    private static final long WINDOW_BYTES = 2L << 20;
    private static final int LEAST_GAIN_SHARE = 32;
    private static final int MORE_HOLES_SHARE = 100;
    private static final long MORE_HOLES_BYTES = 256L << 10;

    private long moved;
    private long gained;
    private long exhaustedHoles = -1;

    /** Counts a run: what it moved and how much less is held after it. */
    void count(long movedBytes, long gainedBytes, long holeBytes) {
        moved += movedBytes;
        gained += gainedBytes;
        if (moved >= WINDOW_BYTES) {
            exhaustedHoles = gained < moved / LEAST_GAIN_SHARE ? holeBytes : -1;
            moved = 0;
            gained = 0;
        }
    }

    /** Whether there is something to gain, as far as is known: nothing was tried in vain, or there are more holes now. */
    boolean mayGain(long holeBytes, long heldBytes) {
        return exhaustedHoles < 0 || holeBytes > exhaustedHoles + MORE_HOLES_BYTES + heldBytes / MORE_HOLES_SHARE;
    }
}
