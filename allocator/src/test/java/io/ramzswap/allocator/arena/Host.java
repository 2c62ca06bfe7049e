package io.ramzswap.allocator.arena;

import io.ramzswap.allocator.libc.Errno;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A host whose memory runs out once {@link #full} is set, or is slow to come. */
final class Host extends ForwardingLibc {
    volatile boolean full;
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile long delayMillis;

    /** Has threads that ask for memory wait until {@link #release}. */
    void hold() {
        held = new CountDownLatch(1);
    }

    void release() {
        held.countDown();
    }

    /** Has each demand for memory take so long. */
    void delayEach(Duration delay) {
        delayMillis = delay.toMillis();
    }

    @Override
    public int madvise(long address, long bytes, int advice) {
        try {
            held.await();
            Thread.sleep(delayMillis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return full ? failWith(Errno.ENOMEM) : super.madvise(address, bytes, advice);
    }
}
