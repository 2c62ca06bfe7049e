package io.ramzswap.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The control group that a service manager started this process in, and which other daemon is in it: one that was told to stop
 * and could not, because its devices are in use. Source: cgroups(7), proc_pid_cmdline(5).
 */
public final class ServiceGroup {
    private final Path proc;
    private final Path groups;
    private final long self;

    /** Returns the group of this process. */
    public ServiceGroup() {
        this(
                Path.of("/proc"),
                Path.of("/sys/fs/cgroup"),
                ProcessHandle.current().pid());
    }

    ServiceGroup(Path proc, Path groups, long self) {
        this.proc = proc;
        this.groups = groups;
        this.self = self;
    }

    /** The process of another daemon in it, if there is one. */
    public OptionalLong otherDaemon() throws IOException {
        // The root group holds everything, and is no service's.
        Optional<Path> group = UnifiedGroup.of(proc.resolve("self"), groups).filter(own -> !own.equals(groups));
        return group.isPresent() ? daemonIn(group.get()) : OptionalLong.empty();
    }

    private OptionalLong daemonIn(Path group) throws IOException {
        List<String> processes = Files.readAllLines(group.resolve("cgroup.procs"));
        return processes.stream()
                .mapToLong(Long::parseLong)
                .filter(process -> process != self && isDaemon(process))
                .findFirst();
    }

    private boolean isDaemon(long process) {
        try {
            byte[] commandLine =
                    Files.readAllBytes(proc.resolve(Long.toString(process)).resolve("cmdline"));
            return new String(commandLine, StandardCharsets.ISO_8859_1).startsWith(SelfImage.NAME + "\0");
        } catch (IOException e) {
            // It has ended meanwhile.
            return false;
        }
    }

    /** The place of a process in the hierarchy of control groups of version 2. Source: cgroups(7), /proc/pid/cgroup. */
    static final class UnifiedGroup {
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
}
