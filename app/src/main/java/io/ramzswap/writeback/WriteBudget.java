package io.ramzswap.writeback;

import java.util.concurrent.TimeUnit;

/** What may be written in an hour, and was. One thread spends. */
final class WriteBudget {
    private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

    private volatile long bytesPerHour;
    private volatile long spent;
    private volatile long hourBegan;

    /** @param now by {@link System#nanoTime}, as all that follow */
    WriteBudget(long now) {
        hourBegan = now;
    }

    void setBytesPerHour(long bytes) {
        bytesPerHour = bytes;
    }

    /** Bytes that are left in this hour; without bound where there is no budget. From any thread. */
    long left(long now) {
        long most = bytesPerHour;
        if (most == 0) {
            return Long.MAX_VALUE;
        }
        return isOver(now) ? most : Math.max(0, most - spent);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread spends
    void spend(long bytes, long now) {
        if (isOver(now)) {
            hourBegan = now;
            spent = 0;
        }
        spent += bytes;
    }

    private boolean isOver(long now) {
        return now - hourBegan >= HOUR_NANOS;
    }
}
