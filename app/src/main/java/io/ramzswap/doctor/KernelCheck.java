package io.ramzswap.doctor;

import java.util.List;
import java.util.Optional;

/** Whether the kernel is new enough. Source: PR_SET_IO_FLUSHER(2const). */
final class KernelCheck implements Check {
    private static final String NAME = "kernel";
    private static final String TESTED = TestedKernels.OLDEST + " to " + TestedKernels.NEWEST;

    /** The first with PR_SET_IO_FLUSHER. */
    private static final KernelVersion OLDEST = new KernelVersion(5, 6);

    @Override
    public List<Finding> examine(Patient patient) {
        String release = patient.host().line("/proc/sys/kernel/osrelease").orElse("");
        Optional<KernelVersion> version = KernelVersion.parse(release);
        if (version.isEmpty()) {
            return List.of(Finding.note(NAME, "the kernel does not tell its version in /proc/sys/kernel/osrelease"));
        }
        if (version.get().isBefore(OLDEST)) {
            return List.of(Finding.error(
                    NAME,
                    "Linux " + release + " has no PR_SET_IO_FLUSHER, without which swap served by a process can freeze"
                            + " the machine; it came with " + OLDEST,
                    "apt install linux-image-amd64"));
        }
        if (version.get().isBefore(TestedKernels.OLDEST)) {
            return List.of(Finding.note(
                    NAME, "Linux " + release + " is older than any kernel that ramzswap is tested on, " + TESTED));
        }
        if (TestedKernels.NEWEST.isBefore(version.get())) {
            return List.of(Finding.note(
                    NAME, "Linux " + release + " is newer than any kernel that ramzswap is tested on, " + TESTED));
        }
        return List.of(Finding.ok(NAME, "Linux " + release));
    }
}
