package io.ramzswap.process;

import io.ramzswap.host.ControlGroups;

/**
 * What the control groups above a process grant it of memory; of version 1 the limit alone, which has no more. Source:
 * {@link ControlGroups}.
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
                + (kills ? "killed" : "stalled") + " when it fills it: " + (kills ? "the limit" : "memory.high")
                + " is "
                + ((kills ? maxBytes : highBytes) >> 10)
                + " kB, and sizes follow that; for more, set MemoryMax=infinity"
                + " and MemoryHigh=infinity in its unit and the slices above");
    }

    static MemoryCgroup of(ControlGroups groups) {
        return new MemoryCgroup(
                groups.memoryMaxBytes().orElse(NONE), groups.memoryHighBytes().orElse(NONE), groups.memoryMinBytes());
    }
}
