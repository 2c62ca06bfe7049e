package io.ramzswap.heap;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Heap bytes that some work takes each time it is done. What the JVM takes in a thread's name now and then, as when it gives
 * compiled code up and links a call anew, is none of the work's, and does not come every time.
 */
public final class AllocatedBytes {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int MOST_TIMES = 10;

    private AllocatedBytes() {}

    /** The least that {@code work} takes in this thread, of some times; the first ones warm up. */
    public static long of(Runnable work) {
        return of(Thread.currentThread(), work);
    }

    /** The same for what {@code work}, done in this thread, makes another one take. */
    public static long of(Thread taker, Runnable work) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < MOST_TIMES && least > 0; i++) {
            long before = THREADS.getThreadAllocatedBytes(taker.getId());
            work.run();
            least = Math.min(least, THREADS.getThreadAllocatedBytes(taker.getId()) - before);
        }
        return least;
    }
}
