package io.ramzswap.config;

import io.ramzswap.config.ConfigReader.Entry;
import io.ramzswap.config.ConfigReader.Section;
import io.ramzswap.setting.Setting;
import io.ramzswap.setting.SettingSet;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.setting.catalogue.DaemonCatalogue;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What ramzswapd is to serve.
 *
 * @param devices in the order of their numbers; at least one
 * @param daemon what holds for all of them
 */
public record Configuration(List<DeviceConfig> devices, SettingValues daemon) {
    private static final Pattern DEVICE_SECTION = Pattern.compile("rz(0|[1-9][0-9]{0,2})");
    private static final int MAX_DEVICES = 16;

    /** The devices are not to be changed. */
    public Configuration {
        devices = List.copyOf(devices);
    }

    /** Where a configuration comes from, each time anew. */
    @FunctionalInterface
    public interface Source {
        /**
         * Reads it.
         *
         * @throws ConfigException if there is a mistake anywhere in it
         */
        Configuration load() throws ConfigException;
    }

    /**
     * Reads it from {@code files}. Without a device in any of them there is one, rz0, with every default.
     *
     * @param ramBytes the machine's memory
     */
    public static Source from(ConfigFiles files, long ramBytes) {
        return from(files, ramBytes, DeviceCatalogue.ALL);
    }

    /** The same with these settings of a device. */
    public static Source from(ConfigFiles files, long ramBytes, SettingSet settings) {
        return () -> load(files.list(), ramBytes, settings);
    }

    private static Configuration load(List<Path> files, long ramBytes, SettingSet settings) throws ConfigException {
        Map<Integer, Map<Setting<?>, Entry>> merged = new TreeMap<>();
        DaemonSection daemon = new DaemonSection(DaemonCatalogue.ALL);
        for (Path file : files) {
            for (Map.Entry<String, Section> section : ConfigReader.read(file).entrySet()) {
                String name = section.getKey();
                Map<String, Entry> entries = section.getValue().entries();
                if (name.equals(DaemonSection.NAME)) {
                    daemon.add(entries);
                } else {
                    merged.computeIfAbsent(number(name, section.getValue().origin()), absent -> new HashMap<>())
                            .putAll(known(name, entries, settings));
                }
            }
        }
        if (merged.isEmpty()) {
            merged.put(0, Map.of());
        }
        List<DeviceConfig> devices = new ArrayList<>();
        for (Map.Entry<Integer, Map<Setting<?>, Entry>> device : merged.entrySet()) {
            devices.add(new DeviceSection(device.getKey(), settings, device.getValue(), ramBytes).device());
        }
        refuseDeviceInTwo(devices, merged);
        return new Configuration(devices, daemon.values());
    }

    private static int number(String section, Origin origin) throws ConfigException {
        Matcher name = DEVICE_SECTION.matcher(section);
        int number = name.matches() ? Integer.parseInt(name.group(1)) : MAX_DEVICES;
        if (number >= MAX_DEVICES) {
            throw new ConfigException(
                    origin,
                    "[" + section + "] is no section: a device is expected, [rz0] to [rz" + (MAX_DEVICES - 1)
                            + "], or [" + DaemonSection.NAME + "]");
        }
        return number;
    }

    private static Map<Setting<?>, Entry> known(String section, Map<String, Entry> entries, SettingSet settings)
            throws ConfigException {
        Map<Setting<?>, Entry> known = new HashMap<>();
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            String label = entry.getKey();
            known.put(
                    settings.named(label)
                            .orElseThrow(() -> new ConfigException(
                                    entry.getValue().origin(),
                                    "'" + label + "' is no key of [" + section + "]; " + advice(label, settings))),
                    entry.getValue());
        }
        return known;
    }

    /** Words that suggest the key closest to {@code label}, or else list all keys. */
    private static String advice(String label, SettingSet settings) {
        return Spelling.nearest(label, settings.names())
                .map(nearest -> "did you mean " + nearest + "?")
                .orElseGet(() -> "there are " + String.join(", ", settings.names()));
    }

    private static void refuseDeviceInTwo(List<DeviceConfig> devices, Map<Integer, Map<Setting<?>, Entry>> sections)
            throws ConfigException {
        Map<String, String> owners = new HashMap<>();
        for (DeviceConfig device : devices) {
            String owner = owners.putIfAbsent(device.device(), device.name());
            if (owner != null) {
                int number = Integer.parseInt(device.name().substring(2));
                Entry entry = sections.get(number).get(DeviceCatalogue.DEVICE);
                Entry other = entry != null
                        ? entry
                        : sections.get(Integer.parseInt(owner.substring(2))).get(DeviceCatalogue.DEVICE);
                throw new ConfigException(
                        other.origin(),
                        device.device() + " is the device of both [" + owner + "] and [" + device.name()
                                + "]; give them different ones");
            }
        }
    }
}
