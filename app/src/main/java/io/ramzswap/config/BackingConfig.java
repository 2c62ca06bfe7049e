package io.ramzswap.config;

import io.ramzswap.backing.BackingOptions;
import io.ramzswap.writeback.WriteBackLimits;
import java.nio.file.Path;

/**
 * The backing swap of a device as configured. The device is as large as that.
 *
 * @param path a swap-formatted file or partition
 * @param options how pages lie there
 * @param limits what may be moved there by itself
 */
public record BackingConfig(Path path, BackingOptions options, WriteBackLimits limits) {
    /** As in the configuration's own words. */
    @Override
    public String toString() {
        return path + " (" + options.layout().label() + (options.encrypted() ? ", encrypted" : "") + ")"
                + (limits.bytesPerHour() == 0 ? "" : ", writeback-limit = " + (limits.bytesPerHour() >> 10) + "K")
                + (limits.leastIdleSeconds() == 0 ? "" : ", writeback-idle = " + limits.leastIdleSeconds());
    }
}
