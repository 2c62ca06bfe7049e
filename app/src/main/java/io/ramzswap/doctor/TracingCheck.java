package io.ramzswap.doctor;

import io.ramzswap.host.Host;
import java.util.List;

/**
 * Whether the kernel lets root watch it free swap slots. Without that TRIM serves, and some pages stay longer than they are of
 * use. Source: kernel_lockdown(7), Documentation/trace/kprobetrace.rst, Documentation/bpf/btf.rst.
 */
final class TracingCheck implements Check {
    private static final String NAME = "notifier";
    private static final String LOCKDOWN = "/sys/kernel/security/lockdown";
    private static final String TRACING = "/sys/kernel/tracing";
    private static final String TYPES = "/sys/kernel/btf/vmlinux";
    private static final String OTHERWISE =
            ": freed pages are learnt of by TRIM alone, and some stay longer than they are of use";

    @Override
    public List<Finding> examine(Patient patient) {
        Host host = patient.host();
        if (host.line(LOCKDOWN).orElse("").contains("[confidentiality]")) {
            return List.of(Finding.note(
                    NAME, "the kernel is locked down for confidentiality and lets nobody trace it" + OTHERWISE));
        }
        // Only root sees what is in the directory.
        if (host.exists(TRACING + "/trace") && !host.exists(TRACING + "/kprobe_events")) {
            return List.of(Finding.note(NAME, "the kernel has no kprobe events" + OTHERWISE));
        }
        if (host.exists("/sys/kernel/mm") && !host.exists(TYPES)) {
            return List.of(Finding.note(NAME, "the kernel does not describe its types in " + TYPES + OTHERWISE));
        }
        return List.of();
    }
}
