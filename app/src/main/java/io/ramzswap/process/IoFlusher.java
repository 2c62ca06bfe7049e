package io.ramzswap.process;

import io.ramzswap.libc.Errno;
import io.ramzswap.libc.Libc;

/**
 * Marks every thread of the process as part of the way that pages are written out, so that an allocation in its name never
 * waits for such a write. Source: PR_SET_IO_FLUSHER(2const), Linux 5.6.
 *
 * <p>The mark belongs to a thread and is inherited by the threads it makes. When {@code main} runs, the JVM's own threads
 * (compiler, collector, VM) are there already, without it. So the process marks the running thread and then executes its own
 * program once more: the mark survives, and the thread becomes the one from which all others of the new JVM descend.
 */
public final class IoFlusher {
    private static final int ON = 1;
    private static final String CONSEQUENCE = "allocations of this process may wait for the very swap that it serves: ";

    private final Libc libc;
    private final SelfImage self;

    /** For this process. */
    public IoFlusher(Libc libc, SelfImage self) {
        this.libc = libc;
        this.self = self;
    }

    /**
     * Sees to it that every thread is marked. Call it early from {@code main}: in the ordinary case it does not return the
     * first time, but starts the program over.
     */
    public Guard ensure() {
        if (libc.prctl(Libc.PR_GET_IO_FLUSHER, 0, 0, 0, 0) == ON) {
            return Guard.HELD;
        }
        if (libc.prctl(Libc.PR_SET_IO_FLUSHER, ON, 0, 0, 0) != 0) {
            // Before another call, even of strerror, can change it.
            int errno = libc.errno();
            return Guard.missing(CONSEQUENCE + "PR_SET_IO_FLUSHER: " + libc.strerror(errno) + "; " + advice(errno));
        }
        if (self.isSecondRun()) {
            return Guard.missing(
                    CONSEQUENCE + "PR_SET_IO_FLUSHER was set and is gone after the program was executed anew;"
                            + " something between kernel and JVM cleared it");
        }
        return Guard.missing(
                CONSEQUENCE + "PR_SET_IO_FLUSHER is set for one thread only: executing the program anew failed ("
                        + self.execute() + ")");
    }

    private static String advice(int errno) {
        return switch (errno) {
            case Errno.EPERM -> "run it as root with CAP_SYS_RESOURCE";
            case Errno.EINVAL -> "it needs Linux 5.6 or later";
            default -> "see PR_SET_IO_FLUSHER(2const)";
        };
    }
}
