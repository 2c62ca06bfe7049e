package io.ramzswap.config;

import io.ramzswap.backing.BackingLayout;
import io.ramzswap.setting.Setting;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import io.ramzswap.setting.catalogue.Discard;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One device as configured.
 *
 * @param name of its section, as rz0
 * @param values of the settings of {@link DeviceCatalogue}, with defaults filled in. A device with a backing swap has no disksize
 *     here, because it is as large as the backing swap
 */
public record DeviceConfig(String name, SettingValues values) {
    /** The kernel's device, as /dev/nbd0. */
    public String device() {
        return values.get(DeviceCatalogue.DEVICE).orElseThrow();
    }

    /** The limit on uncompressed data; empty if a backing swap decides. */
    public OptionalLong diskSizeBytes() {
        return values.amount(DeviceCatalogue.DISK_SIZE);
    }

    /** The limit on memory used; empty for the default. */
    public OptionalLong memLimitBytes() {
        return values.amount(DeviceCatalogue.MEM_LIMIT);
    }

    /** The priority of the swap area; the kernel fills a higher one first. */
    public int priority() {
        return values.orDefault(DeviceCatalogue.PRIORITY);
    }

    /** The kernel's news of slots that it no longer needs. */
    public Discard discard() {
        return values.orDefault(DeviceCatalogue.DISCARD);
    }

    /** The same with another value of {@code setting}. */
    public <T> DeviceConfig with(Setting<T> setting, T value) {
        return new DeviceConfig(name, values.with(setting, value));
    }

    /** The value of {@code setting} as messages name it. A backing swap comes with all that depends on it. */
    public String spoken(Setting<?> setting) {
        return setting == DeviceCatalogue.BACKING_SWAP ? backing().orElse(setting.absent()) : values.spoken(setting);
    }

    /** The value of {@code setting} in the configuration's own words. A backing swap comes with all that depends on it. */
    public String written(Setting<?> setting) {
        return setting == DeviceCatalogue.BACKING_SWAP
                ? backing().orElse(setting.absentWritten())
                : values.written(setting);
    }

    private Optional<String> backing() {
        return values.get(DeviceCatalogue.BACKING_SWAP).map(path -> {
            BackingLayout layout = values.orDefault(DeviceCatalogue.BACKING_LAYOUT);
            boolean encrypted = values.orDefault(DeviceCatalogue.BACKING_ENCRYPT);
            StringBuilder text = new StringBuilder(path + " (" + layout.label() + (encrypted ? ", encrypted)" : ")"));
            for (Setting<?> setting : values.settings()) {
                if (setting.partOf().isEmpty() && setting.needs().isPresent() && !isDefault(setting)) {
                    text.append(", ").append(setting).append(" = ").append(values.written(setting));
                }
            }
            return text.toString();
        });
    }

    private boolean isDefault(Setting<?> setting) {
        return setting.fallback().filter(values.written(setting)::equals).isPresent();
    }
}
