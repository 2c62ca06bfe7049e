package io.ramzswap.process;

import io.ramzswap.host.ControlGroups;
import io.ramzswap.host.Host;
import io.ramzswap.host.MemInfo;
import java.util.Optional;

/**
 * The memory that this process could take now: the least of what the host has available and of what each control group above
 * the process leaves below its limit. Source: proc_meminfo(5), {@link ControlGroups}.
 *
 * @param bytes how much
 * @param bound the name of what bounds it, for people
 */
public record AvailableMemory(long bytes, String bound) {
    /** As much as anybody could want. */
    public static final AvailableMemory UNBOUNDED = new AvailableMemory(Long.MAX_VALUE, "nothing");

    /** Memory of this process, now. What cannot be read bounds nothing. */
    public static AvailableMemory now() {
        return of(Host.running());
    }

    /** Memory of this process, as {@code host} shows it. */
    static AvailableMemory of(Host host) {
        long available = host.memoryBytes(MemInfo.AVAILABLE).orElse(Long.MAX_VALUE);
        Optional<ControlGroups.Left> left = new ControlGroups(host, "/proc/self").memoryLeft();
        if (left.isPresent() && left.get().bytes() < available) {
            return new AvailableMemory(left.get().bytes(), left.get().limitFile());
        }
        return available == Long.MAX_VALUE ? UNBOUNDED : new AvailableMemory(available, MemInfo.AVAILABLE);
    }
}
