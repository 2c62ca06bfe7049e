package io.ramzswap.doctor;

import io.ramzswap.host.ControlGroups;
import io.ramzswap.host.Host;
import io.ramzswap.process.Guard;
import io.ramzswap.process.ProcessStatistics;
import io.ramzswap.process.Session;
import java.util.ArrayList;
import java.util.List;

/** Control groups that keep memory from the daemon, or swap from programs. Source: the kernel's cgroup-v2.rst. */
final class CgroupCheck implements Check {
    private static final String NAME = "cgroup";
    private static final String GROUPS = "/sys/fs/cgroup";
    private static final String SYSTEM = "system.slice";

    @Override
    public List<Finding> examine(Patient patient) {
        List<Finding> findings = new ArrayList<>();
        if (patient.process().isPresent()) {
            checkDaemon(patient, patient.process().get(), findings);
        } else {
            checkSystemSlice(patient.host(), findings);
            checkOwnSession(patient.host(), findings);
        }
        checkSwap(patient.host(), findings);
        if (findings.isEmpty()) {
            findings.add(Finding.ok(NAME, "no limit in the way"));
        }
        return findings;
    }

    private static void checkDaemon(Patient patient, ProcessStatistics daemon, List<Finding> findings) {
        Guard session = Session.guard(daemon.controlGroup());
        if (!session.held() && patient.servesKernel()) {
            findings.add(Finding.warning(NAME, session.problem(), Session.CURE));
        }
        Guard guard = daemon.cgroup().guard();
        if (!guard.held()) {
            findings.add(Finding.warning(
                    NAME, guard.problem(), "systemctl set-property ramzswap MemoryMax=infinity MemoryHigh=infinity"));
        }
    }

    /** Checks the shell's control group, which a daemon that is started from the shell would share. */
    private static void checkOwnSession(Host host, List<Finding> findings) {
        Guard session = Session.guard(new ControlGroups(host, "/proc/self").name());
        if (!session.held()) {
            findings.add(Finding.note(NAME, "if it is started from here, " + session.problem(), Session.CURE));
        }
    }

    private static void checkSystemSlice(Host host, List<Finding> findings) {
        for (String limit : List.of("memory.max", "memory.high")) {
            String value = host.line(GROUPS + "/" + SYSTEM + "/" + limit).orElse("max");
            if (!value.equals("max")) {
                findings.add(Finding.warning(
                        NAME,
                        "services share a limit, which the daemon's devices would fill: " + limit + " of " + SYSTEM
                                + " is " + value,
                        "systemctl set-property " + SYSTEM + " MemoryMax=infinity MemoryHigh=infinity"));
            }
        }
    }

    private static void checkSwap(Host host, List<Finding> findings) {
        for (String slice : host.names(GROUPS, "*.slice")) {
            if (host.line(GROUPS + "/" + slice + "/memory.swap.max")
                    .orElse("max")
                    .equals("0")) {
                findings.add(Finding.note(
                        NAME,
                        "programs in " + slice + " may not be swapped out: its memory.swap.max is 0",
                        "systemctl set-property " + slice + " MemorySwapMax=infinity"));
            }
        }
    }
}
