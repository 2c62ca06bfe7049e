package io.ramzswap.host;

import java.util.OptionalLong;

/**
 * The memory that a process may use: the machine's, or what its control groups allow, if that is less.
 *
 * @param host the machine
 * @param groups those of the process
 */
public record UsableMemory(Host host, ControlGroups groups) {
    /** Left for what a process needs as it goes on, and for the kernel's memory in its name: so much, and a share of the limit. */
    private static final long SPARE_BYTES = 16 << 20;

    private static final int SPARE_SHARE = 16;

    /** That of this process, on this machine. */
    public static UsableMemory ofThisProcess() {
        return of(Host.running());
    }

    /** That of this process, as {@code host} shows it. */
    public static UsableMemory of(Host host) {
        return new UsableMemory(host, new ControlGroups(host, "/proc/self"));
    }

    /** All of it, in bytes; 0 if the kernel does not tell. */
    public long totalBytes() {
        long ram = host.memoryBytes(MemInfo.TOTAL).orElse(0);
        return Math.min(ram, limitBytes().orElse(ram));
    }

    /**
     * What each of so many stores may take, so that none of them brings the process to the limit of its control groups; empty
     * without such a limit. To be asked once the process has what else it needs.
     */
    public OptionalLong storeBytes(int stores) {
        OptionalLong limit = limitBytes();
        OptionalLong left = groups.memoryLeftBytes();
        return limit.isPresent() && left.isPresent()
                ? OptionalLong.of(
                        Math.max(0, left.getAsLong() - limit.getAsLong() / SPARE_SHARE - SPARE_BYTES) / stores)
                : OptionalLong.empty();
    }

    /** The limit of the control groups, if they have one that is less than the machine's memory. */
    public OptionalLong limitBytes() {
        long ram = host.memoryBytes(MemInfo.TOTAL).orElse(Long.MAX_VALUE);
        long limit = Math.min(
                groups.memoryMaxBytes().orElse(Long.MAX_VALUE),
                groups.memoryHighBytes().orElse(Long.MAX_VALUE));
        return limit < ram ? OptionalLong.of(limit) : OptionalLong.empty();
    }
}
