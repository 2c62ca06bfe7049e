package io.ramzswap.daemon;

import io.ramzswap.attach.AttachmentPoint;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.device.DeviceException;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.device.SwapExport;
import io.ramzswap.writeback.WriteBackLimits;
import io.ramzswap.writeback.WriteBackOrder;
import java.util.Optional;
import java.util.OptionalLong;

/** What holds a device's pages, from init to reset. Thread-safe. */
public interface Store extends AutoCloseable {
    /** The pages as a block device. */
    SwapExport export();

    /** A snapshot of the counters. */
    DeviceStatistics statistics();

    /** How many writes were refused until now. */
    long refusedWrites();

    /**
     * Sets another memory limit.
     *
     * @param changed the settings it was made with, with another limit
     * @throws DeviceException if that leaves no room for pages; nothing has changed
     */
    void setMemLimit(DeviceSettings changed) throws DeviceException;

    /**
     * Sets what new pages are compressed with. All that this needs is there before the first of them is.
     *
     * @throws DeviceException if it could not be rehearsed; nothing has changed
     * @throws io.ramzswap.libc.LibraryMissingException if its native library cannot be loaded; nothing has changed
     */
    void setCompressor(CompressorKind kind) throws DeviceException;

    /**
     * Has pages moved to the backing swap, in the background.
     *
     * @return the bytes that may go in this hour, {@link Long#MAX_VALUE} if there is no limit; at 0 nothing is ordered; empty if
     *     there is no backing swap that can take pages
     */
    OptionalLong writeBack(WriteBackOrder order);

    /** Sets what is moved to the backing swap by itself, if there is one that can take pages. */
    void setWriteBackLimits(WriteBackLimits limits);

    /** Frees all pages. Nobody uses {@link #export} any more. */
    @Override
    void close();

    /** Makes stores. */
    @FunctionalInterface
    interface Factory {
        /**
         * Makes a store that is ready to take pages.
         *
         * @param point where it is going to be attached
         * @param backing takes what memory does not; closed with the store
         * @throws DeviceException if memory for it cannot be had; then, and whatever else is thrown, nothing is left behind, but
         *     {@code backing}, which may be closed
         */
        Store create(AttachmentPoint point, DeviceSettings settings, Optional<BackingSwap> backing)
                throws DeviceException;
    }
}
