package io.ramzswap.nbd.closing;

/** The end of a thread that was told to end, and that uses what its waiter is about to take away. */
public final class ThreadEnd {
    private ThreadEnd() {}

    /** Returns once the thread has ended, and not before: an interrupt is kept for the caller until then. */
    public static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
