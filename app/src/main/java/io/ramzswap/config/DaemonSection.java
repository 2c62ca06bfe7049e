package io.ramzswap.config;

import io.ramzswap.config.ConfigReader.Entry;
import io.ramzswap.setting.Setting;
import io.ramzswap.setting.SettingSet;
import io.ramzswap.setting.SettingValues;
import java.util.HashMap;
import java.util.Map;

/** The settings of the daemon as a whole, from the sections {@code [daemon]} of all files. */
final class DaemonSection {
    static final String NAME = "daemon";

    private final SettingSet settings;
    private final Map<Setting<?>, Entry> entries = new HashMap<>();

    DaemonSection(SettingSet settings) {
        this.settings = settings;
    }

    /** Adds the entries of a file; the last one of a setting counts. */
    void add(Map<String, Entry> later) throws ConfigException {
        for (Map.Entry<String, Entry> entry : later.entrySet()) {
            Setting<?> setting = settings.named(entry.getKey())
                    .orElseThrow(() -> new ConfigException(
                            entry.getValue().origin(),
                            "'" + entry.getKey() + "' is no key of [" + NAME + "]; there are "
                                    + String.join(", ", settings.names())));
            entries.put(setting, entry.getValue());
        }
    }

    SettingValues values() throws ConfigException {
        SettingValues values = SettingValues.NONE;
        for (Setting<?> setting : settings) {
            if (entries.containsKey(setting)) {
                values = read(setting, values);
            }
        }
        return values;
    }

    private <T> SettingValues read(Setting<T> setting, SettingValues values) throws ConfigException {
        Entry entry = entries.get(setting);
        try {
            return values.with(setting, setting.type().fromConfig(entry.value(), Map.of()));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(entry.origin(), setting + " takes " + e.getMessage(), e);
        }
    }
}
