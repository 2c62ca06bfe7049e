package io.ramzswap.doctor;

import io.ramzswap.host.Host;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether the machine can suspend while programs are swapped out: the kernel may freeze the daemon before a program that waits for it,
 * and then stays awake, unless a hook freezes programs first. Source: the kernel's power/freezing-of-tasks.rst,
 * systemd-suspend.service(8).
 */
final class SuspendCheck implements Check {
    private static final String NAME = "suspend";
    private static final List<String> HOOKS =
            List.of("/usr/lib/systemd/system-sleep/ramzswap", "/lib/elogind/system-sleep/ramzswap");

    @Override
    public List<Finding> examine(Patient patient) {
        Host host = patient.host();
        boolean suspends = host.line("/sys/power/state").stream()
                .flatMap(states -> Stream.of(states.split(" ", -1)))
                .anyMatch(state -> !state.isEmpty() && !state.equals("disk"));
        if (!suspends) {
            return List.of(Finding.ok(NAME, "the kernel does not suspend"));
        }
        if (HOOKS.stream().noneMatch(hook -> host.link(hook).isPresent())) {
            return List.of(Finding.note(
                    NAME,
                    "the machine may stay awake if it is to suspend while programs swap: no hook freezes them before the"
                            + " daemon; the package and scripts/install bring one"));
        }
        if (!host.exists("/sys/fs/cgroup/cgroup.controllers")) {
            return List.of(Finding.note(
                    NAME,
                    "the machine may stay awake if it is to suspend while programs swap: the hook freezes them by control"
                            + " groups, and cgroup v2 is not mounted at /sys/fs/cgroup"));
        }
        return List.of(Finding.ok(NAME, "programs are frozen before the daemon"));
    }
}
