package io.ramzswap.nbd.helped;

import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.SessionFailure;
import io.ramzswap.nbd.closing.ThreadEnd;
import io.ramzswap.nbd.closing.Undo;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** A thread that helps with one write at a time. */
final class Helper implements Runnable {
    /** Stands for the write that it is at. */
    private static final SharedWrite TAKEN = new SharedWrite(1);

    private final ExportSession session;
    private final Thread thread;
    private final AtomicReference<SharedWrite> offered = new AtomicReference<>();
    private volatile boolean isStopped;
    private boolean isReported;

    private Helper(ExportSession session, ThreadFactory threads) {
        this.session = session;
        this.thread = threads.newThread(this);
    }

    /** Starts one, which closes the session when it ends, or cannot be started. */
    static Helper start(ExportSession session, ThreadFactory threads) {
        try (Undo undo = new Undo()) {
            final Helper helper = new Helper(undo.with(session, ExportSession::close), threads);
            helper.thread.start();
            return undo.done(helper);
        }
    }

    /**
     * Asks it to help, and wakes it up. Answers false, and has done nothing, when it has something to do.
     *
     * <p>Whoever has offered a write must {@linkplain #withdraw withdraw} it before the write is used for another.
     */
    boolean offer(SharedWrite write) {
        if (offered.get() != null || !offered.compareAndSet(null, write)) {
            return false;
        }
        LockSupport.unpark(thread);
        return true;
    }

    /** Makes sure that it will not begin to help. Answers false if it has begun: then it has to be waited for. */
    boolean withdraw(SharedWrite write) {
        return offered.compareAndSet(write, null);
    }

    @Override
    public void run() {
        try (session) {
            while (!isStopped) {
                final SharedWrite write = offered.get();
                if (write == null) {
                    LockSupport.park(this);
                } else if (offered.compareAndSet(write, TAKEN)) {
                    help(write);
                }
            }
        }
    }

    /** If this breaks down, the write fails. The thread goes on: the next write may be a better one. */
    private void help(SharedWrite write) {
        try {
            write.storeBack(session);
        } catch (RuntimeException | Error e) {
            write.fail();
            tell(e);
        }
        offered.set(null);
        write.helperIsDone();
    }

    private void tell(Throwable failure) {
        if (!isReported) {
            isReported = true;
            SessionFailure.report(failure);
        }
    }

    /** Returns when it has ended. */
    void stop() {
        isStopped = true;
        LockSupport.unpark(thread);
        ThreadEnd.await(thread);
    }
}
