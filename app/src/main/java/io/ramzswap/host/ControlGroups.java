package io.ramzswap.host;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What the control groups above a process grant it, of version 1, version 2, or both side by side. The least limit of all groups
 * counts, from the process's own up to the highest that can be seen; in a container that is the container's. Source: cgroups(7),
 * proc_pid_cgroup(5), proc_pid_mountinfo(5); the kernel's admin-guide/cgroup-v1/memory.rst, cgroup-v2.rst and
 * scheduler/sched-bwc.rst.
 *
 * @param host in which the process's files are looked up
 * @param process its directory, as /proc/self
 */
public record ControlGroups(Host host, String process) {
    private static final String MEMORY = "memory";
    private static final String CPU = "cpu";

    /** Of version 1: which groups systemd has made. */
    private static final String SYSTEMD = "name=systemd";

    private static final String VERSION_2 = "cgroup2";
    private static final String USUAL_MOUNT = "/sys/fs/cgroup";
    private static final String NO_LIMIT = "max";

    /** Version 1 writes "no limit" as the most pages that a long has room for. */
    private static final long MOST_BYTES = 1L << 60;

    /** Those of this process, on this machine. */
    public static ControlGroups ofThisProcess() {
        return new ControlGroups(Host.running(), "/proc/self");
    }

    /**
     * Memory below a limit.
     *
     * @param limitFile where the limit is written
     */
    public record Left(long bytes, String limitFile) {}

    /** A hierarchy of groups, as mounted. */
    private record Mount(String root, String path, boolean isVersion2, List<String> controllers) {}

    /** A group, as a directory. */
    private record Group(String directory, boolean isVersion2) {}

    /** Beyond it the kernel kills in the group; empty for no limit. */
    public OptionalLong memoryMaxBytes() {
        return least(memoryGroups().flatMapToLong(group -> limit(group, "memory.max", "memory.limit_in_bytes")));
    }

    /** Beyond it the kernel has threads of the group wait, which version 1 does not; empty for no limit. */
    public OptionalLong memoryHighBytes() {
        return least(memoryGroups().flatMapToLong(group -> limit(group, "memory.high", "")));
    }

    /** Memory that is never taken from the group; 0 for none. */
    public long memoryMinBytes() {
        return least(memoryGroups()
                        .filter(Group::isVersion2)
                        .filter(group -> host.exists(group.directory + "/memory.min"))
                        .flatMapToLong(group -> bytes(group, "memory.min").stream()))
                .orElse(0);
    }

    /** How much more memory the process can have before a group is at its limit; empty for no limit. */
    public OptionalLong memoryLeftBytes() {
        return memoryLeft().map(Left::bytes).map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    /** The same, with the limit that leaves the least. */
    public Optional<Left> memoryLeft() {
        return memoryGroups()
                .flatMap(group -> Stream.of("memory.max", "memory.high", "memory.limit_in_bytes")
                        .flatMap(file -> left(group, file).stream()))
                .min(Comparator.comparingLong(Left::bytes));
    }

    private Optional<Left> left(Group group, String file) {
        OptionalLong limit = bytes(group, file);
        return limit.isPresent()
                ? Optional.of(new Left(Math.max(0, limit.getAsLong() - usedBytes(group)), group.directory + "/" + file))
                : Optional.empty();
    }

    /** How many processors' time the process can have, rounded up; empty for no limit. */
    public OptionalInt processors() {
        return groups(CPU)
                .flatMapToDouble(group -> share(group).stream().mapToDouble(Double::doubleValue))
                .min()
                .stream()
                .mapToInt(share -> Math.max(1, (int) Math.ceil(share)))
                .findFirst();
    }

    /** The group's name from the top of its hierarchy, by which a service manager put the process there; "/" for the top. */
    public String name() {
        return pathOf(SYSTEMD).or(() -> pathOf("")).orElse("/");
    }

    private Stream<Group> memoryGroups() {
        return groups(MEMORY);
    }

    /** What is used and cannot be taken back without swap. */
    private long usedBytes(Group group) {
        String prefix = group.isVersion2 ? "" : "total_";
        long files = Stream.of("inactive_file ", "active_file ")
                .mapToLong(label -> host.value(group.directory + "/memory.stat", prefix + label)
                        .orElse(0))
                .sum();
        long all = bytes(group, group.isVersion2 ? "memory.current" : "memory.usage_in_bytes")
                .orElse(0);
        return Math.max(0, all - files);
    }

    private LongStream limit(Group group, String file, String fileOfVersion1) {
        String name = group.isVersion2 ? file : fileOfVersion1;
        return name.isEmpty() ? LongStream.empty() : bytes(group, name).stream();
    }

    private OptionalLong bytes(Group group, String file) {
        OptionalLong number = host.number(group.directory + "/" + file);
        return number.isPresent() && number.getAsLong() >= MOST_BYTES ? OptionalLong.empty() : number;
    }

    private Optional<Double> share(Group group) {
        if (group.isVersion2) {
            return host.line(group.directory + "/cpu.max")
                    .map(line -> line.split(" ", 2))
                    .filter(fields -> fields.length == 2 && !fields[0].equals(NO_LIMIT))
                    .flatMap(fields -> quotient(number(fields[0]), number(fields[1])));
        }
        return quotient(
                host.number(group.directory + "/cpu.cfs_quota_us"),
                host.number(group.directory + "/cpu.cfs_period_us"));
    }

    private static Optional<Double> quotient(OptionalLong quota, OptionalLong period) {
        return quota.orElse(-1) > 0 && period.orElse(-1) > 0
                ? Optional.of((double) quota.getAsLong() / period.getAsLong())
                : Optional.empty();
    }

    private static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong least(LongStream values) {
        return values.min();
    }

    /** The process's group and those above it, of version 1 if that has the controller, else of version 2. */
    private Stream<Group> groups(String controller) {
        List<Mount> mounts = mounts();
        Optional<Mount> first = mounts.stream()
                .filter(mount -> !mount.isVersion2 && mount.controllers.contains(controller))
                .findFirst();
        Optional<String> path = pathOf(controller);
        if (first.isPresent() && path.isPresent()) {
            return upwards(first.get(), path.get());
        }
        Mount second = mounts.stream()
                .filter(Mount::isVersion2)
                .findFirst()
                .orElse(new Mount("/", USUAL_MOUNT, true, List.of()));
        return pathOf("").stream().flatMap(own -> upwards(second, own));
    }

    private static Stream<Group> upwards(Mount mount, String path) {
        Path top = Path.of(mount.path);
        Path group = Path.of(mount.path + within(mount.root, path)).normalize();
        List<Group> groups = new ArrayList<>();
        while (group != null && group.startsWith(top)) {
            groups.add(new Group(group.toString(), mount.isVersion2));
            group = group.getParent();
        }
        return groups.isEmpty() ? Stream.of(new Group(top.toString(), mount.isVersion2)) : groups.stream();
    }

    /** A group's path below a mount that shows the hierarchy from {@code root} down. One that is not below it has no path. */
    private static String within(String root, String path) {
        if (root.equals("/")) {
            return path;
        }
        return path.startsWith(root + "/") ? path.substring(root.length()) : "";
    }

    /** The process's group in the hierarchy of a controller of version 1; of version 2 for "". */
    private Optional<String> pathOf(String controller) {
        return host.lines(process + "/cgroup").stream()
                .map(line -> line.split(":", 3))
                .filter(fields ->
                        fields.length == 3 && List.of(fields[1].split(",", -1)).contains(controller))
                .map(fields -> fields[2])
                .findFirst();
    }

    private List<Mount> mounts() {
        return host.lines(process + "/mountinfo").stream()
                .flatMap(line -> mount(line).stream())
                .toList();
    }

    private static Optional<Mount> mount(String line) {
        String[] halves = line.split(" - ", 2);
        String[] fields = halves[0].split(" ", -1);
        String[] kind = halves.length == 2 ? halves[1].split(" ", -1) : new String[0];
        if (fields.length < 5 || kind.length < 3 || !kind[0].startsWith("cgroup")) {
            return Optional.empty();
        }
        return Optional.of(new Mount(fields[3], fields[4], kind[0].equals(VERSION_2), List.of(kind[2].split(",", -1))));
    }
}
