package io.ramzswap.daemon;

import io.ramzswap.config.DeviceConfig;
import io.ramzswap.setting.Setting;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** In what a device differs from what the configuration says of it by now. */
final class DeviceDifference {
    private DeviceDifference() {}

    /** A line for each setting, as in "priority, 100 and not 50". One that needs another one stands in the line of that. */
    static List<String> between(DeviceConfig running, DeviceConfig wanted) {
        Set<Setting<?>> differing = new LinkedHashSet<>();
        for (Setting<?> setting : running.values().differences(wanted.values())) {
            differing.add(leader(setting));
        }
        return differing.stream()
                .map(setting -> setting + ", " + running.spoken(setting) + " and not " + wanted.spoken(setting))
                .toList();
    }

    private static Setting<?> leader(Setting<?> setting) {
        return setting.needs().isPresent() ? setting.needs().get() : setting;
    }
}
