package io.ramzswap.doctor;

import io.ramzswap.host.Host;
import io.ramzswap.process.ProcessStatistics;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the daemon is protected, or would be if it were started from here. Source: capabilities(7), getrlimit(2),
 * PR_SET_IO_FLUSHER(2const).
 */
final class PrivilegeCheck implements Check {
    private static final String NAME = "privileges";
    private static final String DAEMON = "daemon";
    private static final int CAP_IPC_LOCK = 14;
    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_SYS_RESOURCE = 24;
    private static final int NEVER_KILLED = -1000;
    private static final String AS_A_SERVICE =
            "systemctl start ramzswap   # or ramzswapd, as root and outside a container";
    private static final String FROM_HERE = "a daemon started from here ";

    @Override
    public List<Finding> examine(Patient patient) {
        return patient.process().map(PrivilegeCheck::running).orElseGet(() -> wouldBe(patient.host()));
    }

    private static List<Finding> running(ProcessStatistics daemon) {
        List<Finding> findings = new ArrayList<>();
        if (daemon.unlockedBytes() > 0 || daemon.swappedBytes() > 0) {
            findings.add(Finding.warning(
                    DAEMON,
                    "the daemon's memory is not locked, so that it refuses to attach a kernel device",
                    "systemctl edit ramzswap   # [Service] LimitMEMLOCK=infinity"));
        }
        if (daemon.ioFlusherThreads() < daemon.threads()) {
            findings.add(Finding.warning(
                    DAEMON,
                    (daemon.threads() - daemon.ioFlusherThreads()) + " of the daemon's " + daemon.threads()
                            + " threads run without PR_SET_IO_FLUSHER, so that it refuses to attach a kernel device",
                    "systemctl edit ramzswap   # [Service] CapabilityBoundingSet= with CAP_SYS_RESOURCE in it"));
        }
        if (daemon.oomScoreAdj() > NEVER_KILLED) {
            findings.add(Finding.warning(
                    DAEMON,
                    "the out-of-memory killer may choose the daemon: its oom_score_adj is " + daemon.oomScoreAdj(),
                    "systemctl edit ramzswap   # [Service] OOMScoreAdjust=-1000"));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok(DAEMON, "it answers, its memory is locked, and all its threads are protected"));
        }
        return findings;
    }

    private static List<Finding> wouldBe(Host host) {
        List<Finding> findings = new ArrayList<>();
        if (!has(host, CAP_SYS_ADMIN)) {
            findings.add(Finding.warning(
                    NAME, FROM_HERE + "could not attach a kernel device: it lacks CAP_SYS_ADMIN", AS_A_SERVICE));
        }
        if (!has(host, CAP_SYS_RESOURCE)) {
            findings.add(Finding.error(
                    NAME,
                    FROM_HERE + "could not set PR_SET_IO_FLUSHER and would refuse to serve swap: it lacks"
                            + " CAP_SYS_RESOURCE",
                    AS_A_SERVICE));
        }
        boolean unlimited = host.lines("/proc/self/limits").stream()
                .anyMatch(line -> line.matches("Max locked memory +unlimited .*"));
        if (!unlimited && !has(host, CAP_IPC_LOCK) && !has(host, CAP_SYS_RESOURCE)) {
            findings.add(Finding.error(
                    NAME,
                    FROM_HERE + "could not lock its memory and would refuse to serve swap: RLIMIT_MEMLOCK is limited",
                    "ulimit -l unlimited"));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok(NAME, FROM_HERE + "may lock its memory, set PR_SET_IO_FLUSHER and attach"));
        }
        return findings;
    }

    private static boolean has(Host host, int capability) {
        return host.lines("/proc/self/status").stream()
                .filter(line -> line.matches("CapEff:\\s*[0-9a-f]{16}"))
                .anyMatch(line ->
                        (Long.parseUnsignedLong(line.substring(line.length() - 16), 16) >> capability & 1) != 0);
    }
}
