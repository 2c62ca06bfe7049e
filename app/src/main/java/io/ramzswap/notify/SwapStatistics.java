package io.ramzswap.notify;

import io.ramzswap.device.DeviceStatistics;

/**
 * The kernel's view of a device, and the way its freed slots become known.
 *
 * @param isSwap whether the device is swap now
 * @param usedPages its slots in use, as the kernel counts them in {@code /proc/swaps}
 * @param notifier the notifier's figures
 */
public record SwapStatistics(boolean isSwap, long usedPages, NotifyStatistics notifier) {
    /** The swap header, which is held but never in use. */
    private static final int HEADER_PAGES = 1;

    /**
     * Pages that are held for nothing: slots held, in memory or on the backing swap, less those in use. The kernel counts a slot as
     * used while it keeps it for a processor's next page, and does not send pages of zeroes from 6.12 on; so there can be some more.
     */
    public long stalePages(DeviceStatistics device) {
        long held = device.pagesStored() + device.zeroPages() + device.backing().pages();
        return Math.max(0, held - HEADER_PAGES - usedPages);
    }
}
