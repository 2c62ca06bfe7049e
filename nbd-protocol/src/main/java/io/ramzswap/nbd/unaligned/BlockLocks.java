package io.ramzswap.nbd.unaligned;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Locks on the blocks of an export, a few blocks sharing one. A range takes its locks in ascending order, so that two
 * ranges cannot wait for each other.
 */
final class BlockLocks {
    private static final int STRIPES = Long.SIZE;

    private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];

    BlockLocks() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new ReentrantLock();
        }
    }

    /**
     * Locks blocks.
     *
     * @return the stripes taken, for {@link #unlock}
     */
    long lock(long firstBlock, long blockCount) {
        final long wanted = stripesOf(firstBlock, blockCount);
        for (long left = wanted; left != 0; left &= left - 1) {
            stripes[Long.numberOfTrailingZeros(left)].lock();
        }
        return wanted;
    }

    void unlock(long taken) {
        for (long left = taken; left != 0; left &= left - 1) {
            stripes[Long.numberOfTrailingZeros(left)].unlock();
        }
    }

    private static long stripesOf(long firstBlock, long blockCount) {
        final long adjacent = blockCount >= STRIPES ? -1 : (1L << blockCount) - 1;
        return Long.rotateLeft(adjacent, (int) (firstBlock % STRIPES));
    }
}
