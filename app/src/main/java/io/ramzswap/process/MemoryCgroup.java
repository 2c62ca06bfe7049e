package io.ramzswap.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the control groups above a process grant it of memory. Only version 2 is looked at; without it all is as if there
 * were no group. Source: Linux Documentation/admin-guide/cgroup-v2.rst, "Memory Interface Files".
 *
 * @param maxBytes beyond it the kernel kills in the group: the least of all groups above; {@link #NONE} for no limit
 * @param highBytes beyond it threads of the group are made to wait: the least of all above; {@link #NONE} for no limit
 * @param minBytes memory that is never taken from the group: the least of all above, for no group can give what it has not
 */
public record MemoryCgroup(long maxBytes, long highBytes, long minBytes) {
    /** No limit. */
    public static final long NONE = Long.MAX_VALUE;

    /** What stands in the way of serving swap from here. */
    public Guard guard() {
        if (maxBytes == NONE && highBytes == NONE) {
            return Guard.HELD;
        }
        boolean kills = maxBytes != NONE;
        return Guard.missing("the daemon is in a control group of limited memory, and is "
                + (kills ? "killed" : "stalled") + " when its devices fill it: "
                + (kills ? "memory.max" : "memory.high")
                + " is " + ((kills ? maxBytes : highBytes) >> 10) + " kB; set MemoryMax=infinity and"
                + " MemoryHigh=infinity in its unit and the slices above");
    }

    /**
     * Reads it.
     *
     * @param process as /proc/self
     * @param groups where control groups are mounted, as /sys/fs/cgroup
     */
    static MemoryCgroup read(Path process, Path groups) throws IOException {
        Optional<Path> own = UnifiedGroup.of(process, groups);
        if (own.isEmpty()) {
            return new MemoryCgroup(NONE, NONE, 0);
        }
        Path group = own.get();
        long min = NONE;
        long max = NONE;
        long high = NONE;
        while (group != null && group.startsWith(groups)) {
            max = Math.min(max, value(group.resolve("memory.max"), NONE));
            high = Math.min(high, value(group.resolve("memory.high"), NONE));
            min = Math.min(min, value(group.resolve("memory.min"), NONE));
            group = group.getParent();
        }
        return new MemoryCgroup(max, high, min == NONE ? 0 : min);
    }

    /** The root group has no such files, and a group without the memory controller has none either. */
    private static long value(Path file, long otherwise) throws IOException {
        if (!Files.exists(file)) {
            return otherwise;
        }
        String text = Files.readString(file).strip();
        return text.equals("max") ? NONE : Long.parseLong(text);
    }
}
