package io.ramzswap.allocator.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A lock for short sections that make no system call. Waiters spin, then yield the processor, so that a holder which was
 * scheduled away gets it back even on one CPU. Not reentrant, not fair. Allocates nothing, unlike the queue of a {@code
 * ReentrantLock} under contention.
 */
public final class SpinLock {
    private static final int SPINS = 200;
    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(SpinLock.class, "held", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // through HELD
    private volatile int held;

    /** Takes the lock if it is free. */
    public boolean tryLock() {
        return (int) HELD.getOpaque(this) == 0 && HELD.compareAndSet(this, 0, 1);
    }

    /** Takes the lock, waiting for it. */
    @SuppressWarnings("ThreadPriorityCheck") // the yield is for speed on one CPU, not for correctness
    public void lock() {
        for (int tries = 1; !tryLock(); tries++) {
            if (tries % SPINS == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** Gives the lock back; what was written under it is seen by the next holder. */
    public void unlock() {
        HELD.setRelease(this, 0);
    }
}
