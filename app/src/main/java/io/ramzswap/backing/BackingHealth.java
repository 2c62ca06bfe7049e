package io.ramzswap.backing;

import java.util.concurrent.TimeUnit;

/** What the sessions of a backing swap have seen of it. Thread-safe, lock-free. Times are those of {@link System#nanoTime}. */
final class BackingHealth {
    /** A disk that takes longer for a page is in trouble. */
    static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long a disk that refused a page is not asked to take another, if memory can. */
    static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private volatile boolean abandoned;
    private volatile boolean unreadable;
    private volatile boolean unwritable;
    private volatile long unwritableSince;

    void read(boolean succeeded) {
        if (unreadable == succeeded) {
            unreadable = !succeeded;
        }
    }

    void written(boolean succeeded) {
        if (!succeeded) {
            unwritableSince = System.nanoTime();
        }
        if (unwritable == succeeded) {
            unwritable = !succeeded;
        }
    }

    void abandon() {
        abandoned = true;
    }

    /** Whether a page should be tried, as far as writes have told. */
    boolean isWorthATry(long now) {
        return !abandoned && (!unwritable || now - unwritableSince >= RETRY_NANOS);
    }

    BackingState state(boolean stalled) {
        if (abandoned) {
            return BackingState.BROKEN;
        }
        if (stalled) {
            return BackingState.STALLED;
        }
        if (unwritable) {
            return BackingState.UNWRITABLE;
        }
        return unreadable ? BackingState.UNREADABLE : BackingState.HEALTHY;
    }
}
