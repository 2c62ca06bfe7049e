package io.ramzswap.doctor;

import java.util.Comparator;
import java.util.List;

/** Makes all checks. */
public final class Doctor {
    private static final List<Check> CHECKS = List.of(
            new KernelCheck(),
            new DriverCheck(),
            new TracingCheck(),
            new PrivilegeCheck(),
            new ZswapCheck(),
            new ZramCheck(),
            new PriorityCheck(),
            new SwapTierCheck(),
            new VmSettingsCheck(),
            new MemoryCheck(),
            new CgroupCheck(),
            new SuspendCheck(),
            new HibernationCheck(),
            new BootCheck());

    private Doctor() {}

    /** What they find, in their order. */
    public static List<Finding> examine(Patient patient) {
        return CHECKS.stream().flatMap(check -> check.examine(patient).stream()).toList();
    }

    /** The worst there is among {@code findings}. */
    public static Severity worst(List<Finding> findings) {
        return findings.stream()
                .map(Finding::severity)
                .max(Comparator.naturalOrder())
                .orElse(Severity.OK);
    }
}
