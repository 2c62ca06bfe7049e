package io.ramzswap.doctor;

import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.device.DeviceReport;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.notify.SwapStatistics;
import java.util.Optional;

/**
 * A device at one moment.
 *
 * @param device what it is and how it does
 * @param swap what the kernel says of it; empty for a device that is not the kernel's
 */
public record Observation(DeviceReport device, Optional<SwapStatistics> swap) {
    private static final int PAGE_SIZE = SharedMemory.PAGE_BYTES;
    private static final double FULL = 0.98;
    private static final double NEARLY_FULL = 0.9;

    DeviceStatistics statistics() {
        return device.statistics();
    }

    /** Whether the store has no room for more pages, while the area has slots for them. */
    boolean isStoreFull() {
        return isShort() && share() >= FULL;
    }

    /** Whether the store will soon be full. */
    boolean isStoreNearlyFull() {
        return isShort() && share() >= NEARLY_FULL && share() < FULL;
    }

    /** Whether more pages can come than memory has room for, and nothing else takes them. */
    private boolean isShort() {
        DeviceStatistics figures = statistics();
        long held =
                figures.pagesStored() + figures.zeroPages() + figures.backing().pages();
        return figures.memCeilingBytes() > 0
                && held * PAGE_SIZE < FULL * figures.diskSizeBytes()
                && !figures.backing().takesPages();
    }

    private double share() {
        return (double) statistics().memUsedTotalBytes() / statistics().memCeilingBytes();
    }
}
