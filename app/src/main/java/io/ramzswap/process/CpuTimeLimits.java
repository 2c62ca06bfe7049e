package io.ramzswap.process;

import io.ramzswap.libc.Libc;
import java.util.List;
import java.util.stream.Stream;

/**
 * The limits of processor time. The kernel sends SIGXCPU at the soft ones, and kills the process at the hard ones. Source:
 * getrlimit(2), RLIMIT_CPU, and RLIMIT_RTTIME for threads with a real-time priority.
 */
public final class CpuTimeLimits {
    private final ResourceLimit all;
    private final ResourceLimit realTime;

    /** The limits of this process. */
    public CpuTimeLimits(Libc libc) {
        all = new ResourceLimit(libc, Libc.RLIMIT_CPU);
        realTime = new ResourceLimit(libc, Libc.RLIMIT_RTTIME);
    }

    /** Takes them away. */
    public Guard raise() {
        all.raise();
        realTime.raise();
        List<String> left = Stream.concat(
                        all.soft().stream().mapToObj(seconds -> "RLIMIT_CPU is " + seconds + " s (LimitCPU in a unit)"),
                        realTime.soft().stream()
                                .mapToObj(micros -> "RLIMIT_RTTIME is " + micros + " us (LimitRTTIME in a unit)"))
                .toList();
        return left.isEmpty()
                ? Guard.HELD
                : Guard.missing("the kernel kills the daemon with all its pages once it has used its processor time: "
                        + String.join(", ", left) + "; run it as root with CAP_SYS_RESOURCE, or without the limit");
    }
}
