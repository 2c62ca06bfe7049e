package io.ramzswap.daemon;

import io.ramzswap.config.ConfigException;
import io.ramzswap.config.Configuration;
import io.ramzswap.config.DeviceConfig;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import io.ramzswap.setting.Change;
import io.ramzswap.setting.Setting;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import io.ramzswap.swap.SwapAreas;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The devices that the configuration makes swap. Thread-safe; a reload waits for the one before it. */
final class ConfiguredDevices {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredDevices.class);
    private static final String TO_APPLY = "restart the daemon to apply it (systemctl restart ramzswap)";

    private final Optional<Configuration.Source> source;
    private final DeviceRegistry devices;
    private final SwapAreas areas;

    /** By the kernel's name, as they were brought up. */
    private final Map<String, DeviceConfig> running = new LinkedHashMap<>();

    /** As the daemon was started with. */
    private SettingValues settings = SettingValues.NONE;

    /** None is brought up yet, nor ever without a {@code source}. */
    ConfiguredDevices(Optional<Configuration.Source> source, DeviceRegistry devices, SwapAreas areas) {
        this.source = source;
        this.devices = devices;
        this.areas = areas;
    }

    /**
     * Brings all of them up.
     *
     * @throws OperationException if the configuration is wrong or one cannot be had; then none is left
     */
    synchronized void start() throws OperationException {
        if (source.isPresent()) {
            Configuration configuration = load(source.get());
            bringUp(configuration.devices());
            settings = configuration.daemon();
        }
    }

    /**
     * Reads the configuration again, brings up what is new in it, and applies the settings that may change in a device in use.
     *
     * @return what was done, and what cannot be done now, a line each
     * @throws OperationException if the configuration is wrong, a device cannot be had, or one cannot have its settings; then
     *     nothing has changed
     */
    synchronized List<String> reload() throws OperationException {
        if (source.isEmpty()) {
            throw new OperationException(
                    Refusal.UNSUPPORTED, "there is nothing to reload: ramzswapd was started without --config");
        }
        Configuration configuration = load(source.get());
        forgetThoseThatWereReset();
        List<DeviceConfig> absent = configuration.devices().stream()
                .filter(device -> !running.containsKey(device.device()))
                .toList();
        Map<String, SettingValues> changes = liveChanges(configuration);
        for (Map.Entry<String, SettingValues> change : changes.entrySet()) {
            devices.check(change.getKey(), new RequestedSettings(change.getValue()));
        }
        bringUp(absent);
        List<String> told = new ArrayList<>(apply(changes));
        told.addAll(differences(configuration));
        absent.forEach(device -> told.add(device.device() + " [" + device.name() + "] is new, and swap now"));
        return told;
    }

    private static Configuration load(Configuration.Source source) throws OperationException {
        try {
            return source.load();
        } catch (ConfigException e) {
            throw new OperationException(Refusal.INVALID_VALUE, e.getMessage(), e);
        }
    }

    /** Somebody may have taken one down with rzscontrol. */
    private void forgetThoseThatWereReset() {
        running.keySet().removeIf(device -> !devices.isInitialised(device));
    }

    /** The live settings of devices that have another value now, and can be set. */
    private Map<String, SettingValues> liveChanges(Configuration configuration) {
        Map<String, SettingValues> changes = new LinkedHashMap<>();
        for (DeviceConfig wanted : configuration.devices()) {
            DeviceConfig device = running.get(wanted.device());
            SettingValues live = device == null ? SettingValues.NONE : liveChanges(device, wanted);
            if (!live.settings().isEmpty()) {
                changes.put(wanted.device(), live);
            }
        }
        return changes;
    }

    private static SettingValues liveChanges(DeviceConfig device, DeviceConfig wanted) {
        SettingValues changes = SettingValues.NONE;
        for (Setting<?> setting : device.values().differences(wanted.values())) {
            if (setting.change() == Change.LIVE && (setting != DeviceCatalogue.MEM_LIMIT || fits(wanted, device))) {
                changes = changes.withThatOf(setting, wanted.values());
            }
        }
        return changes;
    }

    /** A limit above a disksize that is another one, too, has to wait for the restart that applies both. */
    private static boolean fits(DeviceConfig wanted, DeviceConfig device) {
        return wanted.memLimitBytes().orElse(0) <= device.diskSizeBytes().orElse(Long.MAX_VALUE);
    }

    /** Applies changes that are checked. */
    private List<String> apply(Map<String, SettingValues> changes) throws OperationException {
        List<String> told = new ArrayList<>();
        for (Map.Entry<String, SettingValues> change : changes.entrySet()) {
            String device = change.getKey();
            SettingValues values = change.getValue();
            told.addAll(devices.carryOut(device, DeviceRequest.of(new RequestedSettings(values))));
            values.settings()
                    .forEach(setting ->
                            told.add(device + " has a " + setting + " of " + values.spoken(setting) + " now"));
            DeviceConfig before = running.get(device);
            running.put(device, new DeviceConfig(before.name(), values.over(before.values())));
        }
        return told;
    }

    private List<String> differences(Configuration configuration) {
        List<String> lines = new ArrayList<>();
        settings.differences(configuration.daemon()).forEach(key -> lines.add(key + " stays as it was: " + TO_APPLY));
        Map<String, DeviceConfig> wanted = new LinkedHashMap<>();
        configuration.devices().forEach(device -> wanted.put(device.device(), device));
        for (DeviceConfig device : running.values()) {
            DeviceConfig other = wanted.get(device.device());
            if (other == null) {
                lines.add(device.device() + " is not configured any more and goes on: " + TO_APPLY);
            } else {
                DeviceDifference.between(device, other)
                        .forEach(change -> lines.add(device.device() + " keeps its " + change + ": " + TO_APPLY));
            }
        }
        return lines;
    }

    private void bringUp(List<DeviceConfig> wanted) throws OperationException {
        devices.requireMemory(wanted.stream().map(RequestedSettings::of).toList());
        for (DeviceConfig device : wanted) {
            devices.refuseIfInitialised(device.device());
        }
        List<DeviceConfig> up = new ArrayList<>();
        boolean all = false;
        try {
            for (DeviceConfig device : wanted) {
                devices.init(device.device(), RequestedSettings.of(device))
                        .forEach(warning -> LOG.warn("{}: {}", device.device(), warning));
                up.add(device);
            }
            for (DeviceConfig device : wanted) {
                areas.on(device);
                running.put(device.device(), device);
                LOG.info(
                        "{} [{}] is swap: {} kB, priority {}",
                        device.device(),
                        device.name(),
                        devices.statistics(device.device()).diskSizeBytes() >> 10,
                        device.priority());
            }
            all = true;
        } finally {
            if (!all) {
                up.forEach(this::takeDown);
            }
        }
    }

    /** There is hardly anything swapped out to it yet. What stays all the same is still known. */
    private void takeDown(DeviceConfig device) {
        try {
            if (running.containsKey(device.device())) {
                areas.off(device.device());
            }
            devices.reset(device.device());
            running.remove(device.device());
        } catch (OperationException e) {
            LOG.error("{} could not be taken down again: {}", device.device(), e.getMessage());
        }
    }
}
