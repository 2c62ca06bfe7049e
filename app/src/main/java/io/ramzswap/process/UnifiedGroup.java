package io.ramzswap.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The place of a process in the hierarchy of control groups of version 2. Source: cgroups(7), /proc/pid/cgroup. */
final class UnifiedGroup {
    private static final String UNIFIED = "0::/";

    private UnifiedGroup() {}

    /**
     * The directory of a process's group; the root where that is its group, empty without version 2.
     *
     * @param process as /proc/self
     * @param groups where control groups are mounted, as /sys/fs/cgroup
     */
    static Optional<Path> of(Path process, Path groups) throws IOException {
        return Files.readAllLines(process.resolve("cgroup")).stream()
                .filter(line -> line.startsWith(UNIFIED))
                .map(line -> groups.resolve(line.substring(UNIFIED.length())))
                .findFirst();
    }
}
