package io.ramzswap.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Checks how eagerly the kernel swaps, and how much it reads at once. Source: the kernel's admin-guide/sysctl/vm.rst. */
final class VmSettingsCheck implements Check {
    private static final String SWAPPINESS = "swappiness";
    private static final String PAGE_CLUSTER = "page-cluster";

    /** The kernel's default, eight pages. A request of eight costs little more than one of a single page. */
    private static final int DEFAULT_CLUSTER = 3;

    @Override
    public List<Finding> examine(Patient patient) {
        List<Finding> findings = new ArrayList<>();
        OptionalLong swappiness = patient.host().number("/proc/sys/vm/swappiness");
        if (swappiness.isPresent()) {
            findings.add(
                    swappiness.getAsLong() == 0
                            ? Finding.warning(
                                    SWAPPINESS,
                                    "vm.swappiness is 0: the kernel swaps only when it is nearly out of memory",
                                    "sysctl vm.swappiness=100")
                            : Finding.ok(SWAPPINESS, "vm.swappiness is " + swappiness.getAsLong()));
        }
        OptionalLong cluster = patient.host().number("/proc/sys/vm/page-cluster");
        if (cluster.isPresent()) {
            long pages = 1L << Math.min(62, Math.max(0, cluster.getAsLong()));
            String message = "vm.page-cluster is " + cluster.getAsLong() + ": a fault reads up to " + pages
                    + (pages == 1 ? " page" : " pages");
            findings.add(
                    cluster.getAsLong() > DEFAULT_CLUSTER
                            ? Finding.warning(
                                    PAGE_CLUSTER,
                                    message + ", most of which nobody asked for, and each has to be decompressed",
                                    "sysctl vm.page-cluster=" + DEFAULT_CLUSTER)
                            : Finding.ok(PAGE_CLUSTER, message));
        }
        return findings;
    }
}
