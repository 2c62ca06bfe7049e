package io.ramzswap.allocator.pool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock for short sections that make no system call. Waiters spin, then nap, so that a holder which was scheduled away gets
 * its processor back even on one CPU, and even from a real-time thread, which no yield could do. Not reentrant, not fair.
 * Allocates nothing, unlike the queue of a {@code ReentrantLock} under contention.
 */
public final class SpinLock {
    private static final int SPINS = 200;
    private static final int YIELDS = 4;
    private static final long NAP_NANOS = 50_000;
    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);

    /** As far from either end of the array as two cache lines: processors fetch them in pairs. */
    private static final int AT = 128 / Integer.BYTES;

    /** 1 at {@link #AT} while the lock is held. The rest keeps locks that different threads use off its cache line. */
    private final int[] held = new int[2 * AT];

    /** Takes the lock if it is free. */
    public boolean tryLock() {
        return (int) INTS.getOpaque(held, AT) == 0 && INTS.compareAndSet(held, AT, 0, 1);
    }

    /** Takes the lock, waiting for it. */
    @SuppressWarnings("ThreadPriorityCheck") // the yields are for speed, the naps for going on at all
    public void lock() {
        for (int tries = 1; !tryLock(); tries++) {
            if (tries % SPINS != 0) {
                Thread.onSpinWait();
            } else if (tries <= YIELDS * SPINS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(NAP_NANOS);
            }
        }
    }

    /** Gives the lock back; what was written under it is seen by the next holder. */
    public void unlock() {
        INTS.setRelease(held, AT, 0);
    }
}
