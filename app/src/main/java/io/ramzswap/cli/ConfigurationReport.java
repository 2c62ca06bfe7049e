package io.ramzswap.cli;

import io.ramzswap.config.DeviceConfig;

/** What a configuration comes to, for people. */
final class ConfigurationReport {
    private ConfigurationReport() {}

    /** A device in a line, in the configuration's own words. */
    static String line(DeviceConfig device) {
        String memLimit =
                device.memLimitBytes().isPresent() ? (device.memLimitBytes().getAsLong() >> 10) + "K" : "none";
        String connections = device.connections().isPresent()
                ? Integer.toString(device.connections().getAsInt())
                : "one a processor";
        return "[" + device.name() + "] device = " + device.device()
                + device.backing()
                        .map(backing -> ", backing-swap = " + backing)
                        .orElse(", disksize = " + (device.diskSizeBytes() >> 10) + "K")
                + ", memlimit = " + memLimit
                + ", allocator = " + device.allocator().label()
                + ", compressor = " + device.compressor().label()
                + ", priority = " + device.priority()
                + ", discard = " + device.discard().label()
                + ", connections = " + connections;
    }
}
