package io.ramzswap.cli;

import io.ramzswap.config.DeviceConfig;
import io.ramzswap.setting.Setting;
import io.ramzswap.setting.SettingSet;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import java.util.ArrayList;
import java.util.List;

/** What a configuration comes to, for people. */
final class ConfigurationReport {
    private ConfigurationReport() {}

    /** A device in a line, in the configuration's own words. */
    static String line(SettingSet settings, DeviceConfig device) {
        List<String> parts = new ArrayList<>();
        for (Setting<?> setting : settings) {
            Setting<?> shown = setting == DeviceCatalogue.DISK_SIZE ? size(device) : setting;
            if (setting.needs().isEmpty() && setting != DeviceCatalogue.BACKING_SWAP) {
                parts.add(shown + " = " + device.written(shown));
            }
        }
        return "[" + device.name() + "] " + String.join(", ", parts);
    }

    /** A backing swap stands in the place of the disksize that it decides. */
    private static Setting<?> size(DeviceConfig device) {
        return device.values().has(DeviceCatalogue.BACKING_SWAP)
                ? DeviceCatalogue.BACKING_SWAP
                : DeviceCatalogue.DISK_SIZE;
    }
}
