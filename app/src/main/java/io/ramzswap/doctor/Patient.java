package io.ramzswap.doctor;

import io.ramzswap.device.DeviceReport;
import io.ramzswap.host.Host;
import io.ramzswap.host.MemInfo;
import io.ramzswap.host.SwapArea;
import io.ramzswap.host.UsableMemory;
import io.ramzswap.process.MemoryCgroup;
import io.ramzswap.process.ProcessStatistics;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The host, the daemon and its devices, as the checks see them.
 *
 * @param host the machine
 * @param process the daemon as a process, if one answers
 * @param observations its devices; empty if none answers
 */
public record Patient(Host host, Optional<ProcessStatistics> process, List<Observation> observations) {
    private static final Pattern KERNEL_DEVICE = Pattern.compile("/dev/nbd[0-9]+");

    List<DeviceReport> devices() {
        return observations.stream().map(Observation::device).toList();
    }

    /** Whether the area is a device of the nbd driver. */
    static boolean isOfDriver(SwapArea area) {
        return KERNEL_DEVICE.matcher(area.path()).matches();
    }

    /** Whether the daemon that answers has a device of that name. */
    boolean isServedByDaemon(SwapArea area) {
        return observations.stream().anyMatch(seen -> seen.device().name().equals(area.path()));
    }

    /**
     * The swap areas that are ours: those of the daemon, those that nobody serves any more, or all of the nbd driver while no
     * daemon answers.
     */
    List<SwapArea> ownAreas() {
        return host.swapAreas().stream().filter(this::isOwn).toList();
    }

    /** The swap areas that are not ours. */
    List<SwapArea> otherAreas() {
        return host.swapAreas().stream().filter(area -> !isOwn(area)).toList();
    }

    private boolean isOwn(SwapArea area) {
        return isServedByDaemon(area)
                || (isOfDriver(area)
                        && (process.isEmpty() || ServedCheck.problem(this, area).isPresent()));
    }

    /** Whether the daemon has a device of the kernel's, or waits for one. */
    boolean servesKernel() {
        return observations.isEmpty()
                || devices().stream().anyMatch(device -> device.name().startsWith("/dev/"));
    }

    /** The memory that the daemon may use. Without a daemon: the memory that this process may use, as a daemon started from here would. */
    long memoryBytes() {
        if (process.isEmpty()) {
            return UsableMemory.of(host).totalBytes();
        }
        MemoryCgroup limits = process.get().cgroup();
        return Math.min(host.memoryBytes(MemInfo.TOTAL).orElse(0), Math.min(limits.maxBytes(), limits.highBytes()));
    }
}
