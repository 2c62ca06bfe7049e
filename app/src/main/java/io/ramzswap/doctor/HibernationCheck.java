package io.ramzswap.doctor;

import io.ramzswap.host.Host;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Hibernation freezes processes, the daemon too, and then wants memory: swap that a process serves cannot give it, nor hold
 * the image. Source: the kernel's power/swsusp.rst, kernel-parameters.txt (resume=).
 */
final class HibernationCheck implements Check {
    private static final String NAME = "hibernation";

    @Override
    public List<Finding> examine(Patient patient) {
        Optional<String> target = target(patient.host());
        if (target.isEmpty()) {
            return List.of(Finding.ok(NAME, "no target is set"));
        }
        if (target.get().startsWith("/dev/nbd")) {
            return List.of(Finding.error(
                    NAME,
                    "the image would go to " + target.get() + ", into the memory that is about to be switched off",
                    "systemctl mask hibernate.target hybrid-sleep.target suspend-then-hibernate.target"));
        }
        return List.of(Finding.warning(
                NAME,
                "it is set up (" + target.get()
                        + "): while processes are frozen for it nobody serves ramzswap's devices,"
                        + " so swap them off before, or do without",
                "systemctl mask hibernate.target hybrid-sleep.target suspend-then-hibernate.target"));
    }

    /** Where the image goes: as the kernel was told at boot, or since. */
    private static Optional<String> target(Host host) {
        Optional<String> atBoot = host.line("/proc/cmdline").stream()
                .flatMap(line -> Stream.of(line.split(" ", -1)))
                .filter(word -> word.startsWith("resume="))
                .map(word -> word.substring("resume=".length()))
                .findFirst();
        return atBoot.isPresent()
                ? atBoot
                : host.line("/sys/power/resume")
                        .filter(number -> !number.equals("0:0"))
                        .map(number -> "device " + number);
    }
}
