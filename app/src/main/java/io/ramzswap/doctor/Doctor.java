package io.ramzswap.doctor;

import java.util.Comparator;
import java.util.List;

/** Makes all checks. */
public final class Doctor {
    private static final List<Check> CHECKS = List.of(
            new KernelCheck(),
            new DriverCheck(),
            new TracingCheck(),
            new ServedCheck(),
            new PrivilegeCheck(),
            new ZswapCheck(),
            new ZramCheck(),
            new PriorityCheck(),
            new SwapTierCheck(),
            new VmSettingsCheck(),
            new DeviceCheck(),
            new MemoryCheck(),
            new CgroupCheck(),
            new SuspendCheck(),
            new HibernationCheck(),
            new BootCheck());

    private static final String DAEMON = "daemon";

    private Doctor() {}

    /** The findings of all checks, in the checks' order. */
    public static List<Finding> examine(Patient patient) {
        return CHECKS.stream().flatMap(check -> check.examine(patient).stream()).toList();
    }

    /**
     * The finding for a daemon that does not answer.
     *
     * @param reason why, for a person
     * @param hangs whether there is one, which says nothing
     */
    public static Finding unanswered(Patient patient, String reason, boolean hangs) {
        if (!hangs) {
            return Finding.note(DAEMON, reason);
        }
        return patient.ownAreas().isEmpty()
                ? Finding.warning(DAEMON, reason)
                : Finding.error(
                        DAEMON,
                        reason + ". Its device is swap: programs that need pages from it may wait for ever",
                        "journalctl -u ramzswap");
    }

    /** The worst there is among {@code findings}. */
    public static Severity worst(List<Finding> findings) {
        return findings.stream()
                .map(Finding::severity)
                .max(Comparator.naturalOrder())
                .orElse(Severity.OK);
    }
}
