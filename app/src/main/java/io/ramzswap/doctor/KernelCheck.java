package io.ramzswap.doctor;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the kernel is new enough. Source: PR_SET_IO_FLUSHER(2const). */
final class KernelCheck implements Check {
    private static final String NAME = "kernel";
    private static final Pattern RELEASE = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4}).*");

    /** The first with PR_SET_IO_FLUSHER. */
    private static final Version OLDEST = new Version(5, 6);

    /** Those that scripts/test swaps with. */
    private static final List<Version> TESTED = List.of(new Version(6, 1), new Version(6, 12));

    private record Version(int major, int minor) {
        boolean isBefore(Version other) {
            return major < other.major || (major == other.major && minor < other.minor);
        }

        @Override
        public String toString() {
            return major + "." + minor;
        }
    }

    @Override
    public List<Finding> examine(Patient patient) {
        String release = patient.host().line("/proc/sys/kernel/osrelease").orElse("");
        Optional<Version> version = parse(release);
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
        if (version.get().isBefore(TESTED.get(0))) {
            return List.of(Finding.note(
                    NAME, "Linux " + release + "; ramzswap is tested with 6.1 and 6.12, and nothing as old as this"));
        }
        return List.of(Finding.ok(NAME, "Linux " + release));
    }

    private static Optional<Version> parse(String release) {
        Matcher matcher = RELEASE.matcher(release);
        return matcher.matches()
                ? Optional.of(new Version(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }
}
