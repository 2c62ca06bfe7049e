package io.ramzswap.writeback;

import java.util.concurrent.TimeUnit;

/** What may be written in an hour, and was. One thread spends. */
final class WriteBudget {
    private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

    private volatile long bytesPerHour;
    private volatile long spent;
    private long hourBegan = System.nanoTime();

    void setBytesPerHour(long bytes) {
        bytesPerHour = bytes;
    }

    /** Bytes that are left in this hour; without bound where there is no budget. From any thread. */
    long left() {
        long most = bytesPerHour;
        return most == 0 ? Long.MAX_VALUE : Math.max(0, most - spent);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread spends
    void spend(long bytes, long now) {
        if (now - hourBegan >= HOUR_NANOS) {
            hourBegan = now;
            spent = 0;
        }
        spent += bytes;
    }
}
