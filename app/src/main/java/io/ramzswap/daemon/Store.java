package io.ramzswap.daemon;

import io.ramzswap.device.DeviceException;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.nbd.Export;

/** What holds a device's pages, from init to reset. Thread-safe. */
public interface Store extends AutoCloseable {
    /** The pages as a block device. */
    Export export();

    /** A snapshot of the counters. */
    DeviceStatistics statistics();

    /** Frees all pages. Nobody uses {@link #export} any more. */
    @Override
    void close();

    /** Makes stores. */
    @FunctionalInterface
    interface Factory {
        /**
         * Makes a store that is ready to take pages.
         *
         * @param exportName what clients call it
         * @throws DeviceException if memory for it cannot be had; nothing is left behind
         */
        Store create(String exportName, DeviceSettings settings) throws DeviceException;
    }
}
