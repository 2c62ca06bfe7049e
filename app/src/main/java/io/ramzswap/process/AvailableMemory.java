package io.ramzswap.process;

import io.ramzswap.host.MemInfo;
import io.ramzswap.host.ProcFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The memory that this process could take now: the least of what the host has available and of what each control group above
 * the process, of version 1 or 2, leaves below its limit. Pages of files that a group has not used lately count as left, because
 * the kernel drops them first. Source: proc_meminfo(5), Linux Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst.
 *
 * @param bytes how much
 * @param bound the name of what bounds it, for people
 */
public record AvailableMemory(long bytes, String bound) {
    /** As much as anybody could want. */
    public static final AvailableMemory UNBOUNDED = new AvailableMemory(Long.MAX_VALUE, "nothing");

    private static final String INACTIVE_FILE = "inactive_file";

    /**
     * Memory of this process, now. What cannot be read bounds nothing.
     *
     * @throws UncheckedIOException if the kernel's files cannot be read
     */
    public static AvailableMemory now() {
        try {
            return read(Path.of("/proc"), Path.of("/sys/fs/cgroup"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads it.
     *
     * @param proc as /proc
     * @param groups where control groups are mounted, as /sys/fs/cgroup
     */
    static AvailableMemory read(Path proc, Path groups) throws IOException {
        AvailableMemory least = MemInfo.bytes(Files.readAllLines(proc.resolve("meminfo")), MemInfo.AVAILABLE).stream()
                .mapToObj(bytes -> new AvailableMemory(bytes, MemInfo.AVAILABLE))
                .findFirst()
                .orElse(UNBOUNDED);
        for (String line : lines(proc.resolve("self/cgroup"))) {
            Optional<Version> version = Version.of(line);
            if (version.isPresent()) {
                least = version.get().least(line.substring(line.indexOf(":/") + 2), groups, least);
            }
        }
        return least;
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? ProcFile.lines(file) : List.of();
    }

    private AvailableMemory least(AvailableMemory other) {
        return other.bytes < bytes ? other : this;
    }

    /** How a version of control groups shows memory. */
    private enum Version {
        ONE("memory", "memory.usage_in_bytes", "total_" + INACTIVE_FILE, "memory.limit_in_bytes"),
        TWO("", "memory.current", INACTIVE_FILE, "memory.max", "memory.high");

        private final String mount;
        private final String usage;
        private final String inactive;

        @SuppressWarnings("ImmutableEnumChecker") // nobody else has the array
        private final String[] limits;

        Version(String mount, String usage, String inactive, String... limits) {
            this.mount = mount;
            this.usage = usage;
            this.inactive = inactive;
            this.limits = limits;
        }

        /** The version whose memory controller a line of /proc/self/cgroup is about, if it is about one. */
        static Optional<Version> of(String line) {
            String[] fields = line.split(":", 3);
            if (fields.length < 3 || !fields[2].startsWith("/")) {
                return Optional.empty();
            }
            if (fields[0].equals("0") && fields[1].isEmpty()) {
                return Optional.of(TWO);
            }
            return List.of(fields[1].split(",", -1)).contains("memory") ? Optional.of(ONE) : Optional.empty();
        }

        /** The less of {@code otherwise} and what the group at {@code path} and all above it leave. */
        AvailableMemory least(String path, Path groups, AvailableMemory otherwise) throws IOException {
            Path root = groups.resolve(mount);
            // In a container the path may be the host's, and the container's own group is the root then.
            Path own = root.resolve(path).normalize();
            Path group = own.startsWith(root) && Files.isDirectory(own) ? own : root;
            AvailableMemory least = otherwise;
            while (group != null && group.startsWith(root)) {
                for (String limit : limits) {
                    least = least.least(left(group, limit));
                }
                group = group.getParent();
            }
            return least;
        }

        /** The root group has no such files, and a group without the memory controller has none either. */
        private AvailableMemory left(Path group, String limit) throws IOException {
            Path file = group.resolve(limit);
            if (!Files.exists(file) || !Files.exists(group.resolve(usage))) {
                return UNBOUNDED;
            }
            String most = Files.readString(file).strip();
            if (most.equals("max")) {
                return UNBOUNDED;
            }
            long used = Long.parseLong(Files.readString(group.resolve(usage)).strip());
            long left = Long.parseLong(most) - Math.max(0, used - inactiveBytes(group));
            return new AvailableMemory(Math.max(0, left), file.toString());
        }

        private long inactiveBytes(Path group) throws IOException {
            return lines(group.resolve("memory.stat")).stream()
                    .filter(line -> line.startsWith(inactive + " "))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(inactive.length() + 1).strip()))
                    .findFirst()
                    .orElse(0);
        }
    }
}
