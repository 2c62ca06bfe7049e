package io.ramzswap.attach.kernel;

import io.ramzswap.nbd.closing.ThreadEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** Makes threads and can wait for their end. */
final class JoinableThreads implements ThreadFactory {
    private final ThreadFactory maker;
    private final List<Thread> threads = new ArrayList<>();

    JoinableThreads(ThreadFactory maker) {
        this.maker = maker;
    }

    @Override
    public synchronized Thread newThread(Runnable task) {
        Thread thread = maker.newThread(task);
        threads.add(thread);
        return thread;
    }

    /** Waits until all have ended; they have been told to. */
    synchronized void join() {
        threads.forEach(ThreadEnd::await);
    }
}
