package io.ramzswap.daemon;

import io.ramzswap.config.BackingConfig;
import io.ramzswap.config.DeviceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** In what a device differs from what the configuration says of it by now. */
final class DeviceDifference {
    private final List<String> lines = new ArrayList<>();

    private DeviceDifference() {}

    /** A line for each key, as in "priority, 100 and not 50". */
    static List<String> between(DeviceConfig running, DeviceConfig wanted) {
        DeviceDifference difference = new DeviceDifference();
        difference.compare("disksize", kilobytes(running.diskSizeBytes()), kilobytes(wanted.diskSizeBytes()));
        difference.compare(
                "backing-swap",
                running.backing().map(BackingConfig::toString).orElse("none"),
                wanted.backing().map(BackingConfig::toString).orElse("none"));
        difference.compare("memlimit", limit(running.memLimitBytes()), limit(wanted.memLimitBytes()));
        difference.compare(
                "allocator", running.allocator().label(), wanted.allocator().label());
        difference.compare(
                "compressor", running.compressor().label(), wanted.compressor().label());
        difference.compare("priority", running.priority(), wanted.priority());
        difference.compare(
                "discard", running.discard().label(), wanted.discard().label());
        difference.compare("connections", count(running.connections()), count(wanted.connections()));
        return difference.lines;
    }

    private void compare(String key, Object running, Object wanted) {
        if (!running.equals(wanted)) {
            lines.add(key + ", " + running + " and not " + wanted);
        }
    }

    private static String limit(OptionalLong bytes) {
        return bytes.isPresent() ? kilobytes(bytes.getAsLong()) : "none";
    }

    private static String kilobytes(long bytes) {
        return (bytes >> 10) + " kB";
    }

    private static String count(OptionalInt connections) {
        return connections.isPresent() ? Integer.toString(connections.getAsInt()) : "the default";
    }
}
