package io.ramzswap.config;

import io.ramzswap.backing.BackingLayout;
import io.ramzswap.config.ConfigReader.Entry;
import io.ramzswap.device.DeviceFootprint;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.setting.Setting;
import io.ramzswap.setting.SettingSet;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a device of the values of a section. A setting that is missing has its default. The rules here are those that tie one
 * setting to another; all else is in the {@link Setting}.
 */
final class DeviceSection {
    private final int number;
    private final SettingSet settings;
    private final Map<Setting<?>, Entry> entries;

    /** The names that expressions may use. */
    private final Map<String, Long> variables = new HashMap<>();

    private SettingValues values = SettingValues.NONE;

    /** The section {@code [rznumber]}. */
    DeviceSection(int number, SettingSet settings, Map<Setting<?>, Entry> entries, long ramBytes) {
        this.number = number;
        this.settings = settings;
        this.entries = entries;
        variables.put("ram", ramBytes);
    }

    DeviceConfig device() throws ConfigException {
        requireCompany();
        values = values.with(DeviceCatalogue.DEVICE, "/dev/nbd" + number);
        for (Setting<?> setting : settings) {
            read(setting);
            values.get(DeviceCatalogue.DISK_SIZE).ifPresent(bytes -> variables.put("disksize", bytes));
        }
        checkMemLimit();
        refuseWriteBackOfTheLinearLayout();
        return new DeviceConfig("rz" + number, values);
    }

    /** A setting without the one that it goes with would have no effect. */
    private void requireCompany() throws ConfigException {
        for (Setting<?> setting : settings) {
            Optional<Setting<?>> needed = setting.needs();
            if (has(setting) && needed.isPresent() && !has(needed.get())) {
                throw wrong(setting, "this goes with " + needed.get() + ", which is not there");
            }
        }
        if (has(DeviceCatalogue.DISK_SIZE) && has(DeviceCatalogue.BACKING_SWAP)) {
            throw wrong(
                    DeviceCatalogue.DISK_SIZE,
                    "a device is as large as its " + DeviceCatalogue.BACKING_SWAP + ": leave it out");
        }
    }

    private <T> void read(Setting<T> setting) throws ConfigException {
        if (has(setting)) {
            if (!setting.mayBeNone() || !text(setting).equals(Setting.NO_VALUE)) {
                values = values.with(setting, value(setting));
            }
        } else if (setting.fallback().isPresent() && hasEffect(setting)) {
            values = values.with(setting, setting.defaultValue(variables));
        }
    }

    private boolean hasEffect(Setting<?> setting) {
        return setting == DeviceCatalogue.DISK_SIZE
                ? !has(DeviceCatalogue.BACKING_SWAP)
                : setting.needs().map(this::has).orElse(true);
    }

    private <T> T value(Setting<T> setting) throws ConfigException {
        try {
            return setting.type().fromConfig(text(setting), variables);
        } catch (IllegalArgumentException e) {
            throw wrong(setting, e.getMessage());
        }
    }

    /** The size of a device with a backing swap is not known here. */
    private void checkMemLimit() throws ConfigException {
        Optional<Long> bytes = values.get(DeviceCatalogue.MEM_LIMIT);
        if (bytes.isEmpty()) {
            return;
        }
        Optional<Long> given = values.get(DeviceCatalogue.DISK_SIZE);
        long most = given.orElse(DeviceSettings.MAX_DISK_SIZE_BYTES);
        if (bytes.get() <= 0 || bytes.get() > most) {
            throw wrong(
                    DeviceCatalogue.MEM_LIMIT,
                    "'none', or a page at least and the disksize, "
                            + DeviceCatalogue.DISK_SIZE.type().spoken(most)
                            + ", at most is expected, and '" + text(DeviceCatalogue.MEM_LIMIT) + "' is "
                            + values.spoken(DeviceCatalogue.MEM_LIMIT));
        }
        if (given.isPresent()) {
            requirePageRoom(new DeviceSettings(given.get(), bytes.get(), true));
        }
    }

    private void requirePageRoom(DeviceSettings made) throws ConfigException {
        long least = DeviceFootprint.leastMemLimitBytes(made.diskSizeBytes(), Optional.empty());
        if (made.memLimitBytes() < least) {
            throw wrong(DeviceCatalogue.MEM_LIMIT, DeviceFootprint.tooSmall(made, least));
        }
    }

    /** With that layout pages go there only when memory has no room for them. */
    private void refuseWriteBackOfTheLinearLayout() throws ConfigException {
        if (values.get(DeviceCatalogue.BACKING_LAYOUT)
                .filter(BackingLayout.LINEAR::equals)
                .isEmpty()) {
            return;
        }
        for (Setting<?> setting : settings) {
            if (has(setting) && setting.partOf().isEmpty() && setting.needs().isPresent()) {
                throw wrong(setting, "this goes with the " + DeviceCatalogue.BACKING_LAYOUT + " log, not with linear");
            }
        }
    }

    private boolean has(Setting<?> setting) {
        return entries.containsKey(setting);
    }

    private String text(Setting<?> setting) {
        return entries.get(setting).value();
    }

    private ConfigException wrong(Setting<?> setting, String complaint) {
        return new ConfigException(entries.get(setting).origin(), setting + ": " + complaint);
    }
}
