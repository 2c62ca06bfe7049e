package io.ramzswap.nbd.unaligned;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.StampedLock;

/**
 * Keeps a block that is changed in part, by reading it and writing it back, from whoever writes it meanwhile. Those who write
 * whole blocks do not keep each other out.
 *
 * <p>Neighbouring blocks share a lock, so a long request takes few; it takes them in ascending order, and a change of a part
 * takes a single one, so nobody can wait for each other. Not reentrant.
 */
final class BlockLocks {
    /** As long as most requests are: what the kernel swaps out at a time. */
    private static final int BLOCKS_A_LOCK_SHIFT = 5;

    private static final int LOCKS = Long.SIZE;

    private final Lock[] shared = new Lock[LOCKS];
    private final Lock[] exclusive = new Lock[LOCKS];

    BlockLocks() {
        for (int i = 0; i < LOCKS; i++) {
            final StampedLock lock = new StampedLock();
            shared[i] = lock.asReadLock();
            exclusive[i] = lock.asWriteLock();
        }
    }

    /**
     * Keeps changes of parts away from blocks that are written whole.
     *
     * @return the locks taken, for {@link #unlockWhole}
     */
    long lockWhole(long firstBlock, long blockCount) {
        final long wanted = locksOf(firstBlock, blockCount);
        for (long left = wanted; left != 0; left &= left - 1) {
            shared[Long.numberOfTrailingZeros(left)].lock();
        }
        return wanted;
    }

    void unlockWhole(long taken) {
        for (long left = taken; left != 0; left &= left - 1) {
            shared[Long.numberOfTrailingZeros(left)].unlock();
        }
    }

    /** Locks the one block of which a part is changed. */
    void lockPart(long block) {
        exclusive[lockOf(block)].lock();
    }

    void unlockPart(long block) {
        exclusive[lockOf(block)].unlock();
    }

    private static int lockOf(long block) {
        return (int) ((block >>> BLOCKS_A_LOCK_SHIFT) % LOCKS);
    }

    private static long locksOf(long firstBlock, long blockCount) {
        final long lastBlock = firstBlock + blockCount - 1;
        final long groups = (lastBlock >>> BLOCKS_A_LOCK_SHIFT) - (firstBlock >>> BLOCKS_A_LOCK_SHIFT) + 1;
        final long adjacent = groups >= LOCKS ? -1 : (1L << groups) - 1;
        return Long.rotateLeft(adjacent, lockOf(firstBlock));
    }
}
