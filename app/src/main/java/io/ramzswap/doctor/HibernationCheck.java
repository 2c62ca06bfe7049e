package io.ramzswap.doctor;

import io.ramzswap.host.Host;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * To hibernate, the kernel freezes processes, the daemon too, and then makes room by swapping out: swap that a process serves hangs
 * the machine, and cannot hold the image. Without any target set, systemd chooses the swap area of the highest priority. Source: the
 * kernel's power/swsusp.rst, kernel-parameters.txt (resume=), systemd-sleep(8).
 */
final class HibernationCheck implements Check {
    private static final String NAME = "hibernation";
    private static final String KERNEL_DEVICES = "43:";
    private static final String MASK =
            "systemctl mask hibernate.target hybrid-sleep.target suspend-then-hibernate.target";

    @Override
    public List<Finding> examine(Patient patient) {
        Host host = patient.host();
        if (!kernelHibernates(host)) {
            return List.of(Finding.ok(NAME, "the kernel refuses it"));
        }
        Optional<String> target = target(host);
        if (target.isPresent() && isKernelDevice(target.get())) {
            return List.of(Finding.error(
                    NAME,
                    "the image would go to " + target.get() + ", into the memory that is about to be switched off",
                    MASK));
        }
        SystemdSleep systemd = new SystemdSleep(host);
        Optional<String> refusal = systemd.refusal();
        if (refusal.isPresent()) {
            return List.of(Finding.ok(NAME, "systemd refuses it: " + refusal.get()));
        }
        if (systemd.swapsOffFirst() && isServedByUnit(host)) {
            return List.of(Finding.ok(NAME, "systemd stops ramzswap.service, and with it swap, before"));
        }
        return List.of(Finding.warning(
                NAME,
                "the machine can hibernate"
                        + target.map(name -> " (to " + name + ")").orElse("")
                        + ", and would hang: while processes are frozen for it nobody serves ramzswap's devices,"
                        + " so swap them off before, or do without",
                MASK));
    }

    /** It does not if it was built or booted so, is locked down, or some process has secret memory, as our daemon does. */
    private static boolean kernelHibernates(Host host) {
        return host.line("/sys/power/state").stream()
                .flatMap(states -> Stream.of(states.split(" ", -1)))
                .anyMatch("disk"::equals);
    }

    private static boolean isServedByUnit(Host host) {
        return host.exists("/sys/fs/cgroup/system.slice/ramzswap.service");
    }

    private static boolean isKernelDevice(String target) {
        return new SwapReference(target).isOurs() || target.startsWith("device " + KERNEL_DEVICES);
    }

    /** The device that the image goes to, as the kernel was told at boot or since. */
    private static Optional<String> target(Host host) {
        Optional<String> atBoot = new BootFiles(host).resumeOfCommandLine();
        return atBoot.isPresent()
                ? atBoot
                : host.line("/sys/power/resume")
                        .filter(number -> !number.equals("0:0"))
                        .map(number -> "device " + number);
    }
}
