package io.ramzswap.process;

import io.ramzswap.libc.Errno;
import io.ramzswap.libc.Libc;
import java.util.OptionalLong;

/**
 * Keeps every page of the process in RAM. Source: mlockall(2).
 *
 * <p>What is mapped when {@link #take} is called is brought in and locked. What is mapped later is locked page by page as it
 * is touched: a thread's stack or a device's table is populated by its owner, and populating whole reservations of the JVM
 * would cost hundreds of megabytes for nothing.
 */
public final class MemoryLock {
    private final Libc libc;
    private final ResourceLimit limit;

    /** For this process. */
    public MemoryLock(Libc libc) {
        this.libc = libc;
        this.limit = new ResourceLimit(libc, Libc.RLIMIT_MEMLOCK);
    }

    /** Locks what is mapped and what will be. Call it once the classes and native libraries needed later are loaded. */
    public Guard take() {
        // It is needed only without CAP_IPC_LOCK; when it is refused, mlockall tells.
        limit.raise();
        if (libc.mlockall(Libc.MCL_CURRENT) != 0) {
            return missing("mlockall(MCL_CURRENT)");
        }
        // What other threads mapped during the first call is in neither part of "current, then future": hence both
        // again.
        if (libc.mlockall(Libc.MCL_CURRENT | Libc.MCL_FUTURE | Libc.MCL_ONFAULT) != 0) {
            Guard missing = missing("mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)");
            libc.munlockall();
            return missing;
        }
        return Guard.HELD;
    }

    private Guard missing(String call) {
        int errno = libc.errno();
        String advice = errno == Errno.ENOMEM || errno == Errno.EPERM
                ? "RLIMIT_MEMLOCK is " + limitInWords() + ": set LimitMEMLOCK=infinity in its unit, run"
                        + " `ulimit -l unlimited` before it, or grant CAP_IPC_LOCK"
                : "see mlockall(2)";
        return Guard.missing("memory is not locked: " + call + ": " + libc.strerror(errno) + "; " + advice);
    }

    private String limitInWords() {
        OptionalLong bytes = limit.soft();
        return bytes.isPresent() ? (bytes.getAsLong() >> 10) + " KiB" : "unlimited";
    }
}
