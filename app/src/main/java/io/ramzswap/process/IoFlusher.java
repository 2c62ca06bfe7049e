package io.ramzswap.process;

import io.ramzswap.libc.Errno;
import io.ramzswap.libc.Libc;
import java.util.Optional;

/**
 * Marks a thread of the process as part of the way that pages are written out, so that an allocation in its name never waits for
 * such a write. Threads that it starts inherit the mark; {@link Inheritance} sees to it that all are among them. Source:
 * PR_SET_IO_FLUSHER(2const), Linux 5.6.
 */
final class IoFlusher {
    private static final int ON = 1;

    private final Libc libc;

    /** For this process. */
    IoFlusher(Libc libc) {
        this.libc = libc;
    }

    /** Whether the calling thread has the mark. */
    boolean isMarked() {
        return libc.prctl(Libc.PR_GET_IO_FLUSHER, 0, 0, 0, 0) == ON;
    }

    /** Marks the calling thread. Returns why not, if the kernel refuses it. */
    Optional<Guard> mark() {
        if (libc.prctl(Libc.PR_SET_IO_FLUSHER, ON, 0, 0, 0) == 0) {
            return Optional.empty();
        }
        // Before another call, even of strerror, can change it.
        int errno = libc.errno();
        return Optional.of(missing(libc.strerror(errno) + "; " + advice(errno)));
    }

    /** A guard that is missing for that reason. */
    static Guard missing(String reason) {
        return Guard.missing(
                "allocations of this process may wait for the very swap that it serves: PR_SET_IO_FLUSHER: " + reason);
    }

    private static String advice(int errno) {
        return switch (errno) {
            case Errno.EPERM -> "run it as root with CAP_SYS_RESOURCE";
            case Errno.EINVAL -> "it needs Linux 5.6 or later";
            default -> "see PR_SET_IO_FLUSHER(2const)";
        };
    }
}
