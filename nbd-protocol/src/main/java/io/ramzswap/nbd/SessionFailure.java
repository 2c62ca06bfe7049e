package io.ramzswap.nbd;

/**
 * An {@link ExportSession} has thrown what it should not: a fault of the program. The request was answered with an I/O error, and
 * the connection goes on. Handed to a thread's handler of uncaught exceptions, though the thread lives on; the cause is what was
 * thrown.
 */
public final class SessionFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private SessionFailure(Throwable cause) {
        super("a request failed for a fault of the program, and was answered with an I/O error: " + cause, cause);
    }

    /** Tells the calling thread's handler. Whatever comes of that, returns. */
    public static void report(Throwable failure) {
        try {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, new SessionFailure(failure));
        } catch (RuntimeException | Error e) {
            // There may be no memory to tell it with.
            return;
        }
    }
}
