package io.ramzswap.daemon;

import io.ramzswap.attach.OperationException;
import io.ramzswap.config.ConfigException;
import io.ramzswap.config.Configuration;
import io.ramzswap.config.DaemonSettings;
import io.ramzswap.config.DeviceConfig;
import io.ramzswap.control.ErrorCode;
import io.ramzswap.swap.SwapAreas;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
    private DaemonSettings settings = DaemonSettings.DEFAULT;

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
     * Reads the configuration again, brings up what is new in it, and sets the memory limits that it gives.
     *
     * @return what was done, and what cannot be done now, a line each
     * @throws OperationException if the configuration is wrong, a device cannot be had, or one cannot have its memory limit; then
     *     nothing has changed
     */
    synchronized List<String> reload() throws OperationException {
        if (source.isEmpty()) {
            throw new OperationException(
                    ErrorCode.UNSUPPORTED, "there is nothing to reload: ramzswapd was started without --config");
        }
        Configuration configuration = load(source.get());
        forgetThoseThatWereReset();
        List<DeviceConfig> absent = configuration.devices().stream()
                .filter(device -> !running.containsKey(device.device()))
                .toList();
        List<DeviceConfig> changed = withOtherMemLimits(configuration);
        for (DeviceConfig device : changed) {
            devices.checkMemLimit(device.device(), device.memLimitBytes().getAsLong());
        }
        bringUp(absent);
        List<String> told = new ArrayList<>(setMemLimits(changed));
        told.addAll(differences(configuration));
        absent.forEach(device -> told.add(device.device() + " [" + device.name() + "] is new, and swap now"));
        return told;
    }

    private static Configuration load(Configuration.Source source) throws OperationException {
        try {
            return source.load();
        } catch (ConfigException e) {
            throw new OperationException(ErrorCode.INVALID_VALUE, e.getMessage(), e);
        }
    }

    /** Somebody may have taken one down with rzscontrol. */
    private void forgetThoseThatWereReset() {
        running.keySet().removeIf(device -> !devices.isInitialised(device));
    }

    /** The devices whose memory limit is another one now, and can be set. */
    private List<DeviceConfig> withOtherMemLimits(Configuration configuration) {
        return configuration.devices().stream()
                .filter(wanted -> wanted.memLimitBytes().isPresent())
                .filter(wanted -> running.containsKey(wanted.device()))
                .filter(wanted -> isOther(wanted.memLimitBytes().getAsLong(), running.get(wanted.device())))
                .toList();
    }

    /** A limit above a disksize that is another one, too, has to wait for the restart that applies both. */
    private static boolean isOther(long memLimitBytes, DeviceConfig device) {
        return !device.memLimitBytes().equals(OptionalLong.of(memLimitBytes))
                && memLimitBytes <= device.diskSizeBytes();
    }

    /** They are checked. */
    private List<String> setMemLimits(List<DeviceConfig> wanted) throws OperationException {
        List<String> told = new ArrayList<>();
        for (DeviceConfig device : wanted) {
            long bytes = device.memLimitBytes().getAsLong();
            told.addAll(devices.setMemLimit(device.device(), bytes));
            told.add(device.device() + " has a memlimit of " + (bytes >> 10) + " kB now");
            running.put(device.device(), running.get(device.device()).withMemLimit(bytes));
        }
        return told;
    }

    private List<String> differences(Configuration configuration) {
        List<String> lines = new ArrayList<>();
        configuration.daemon().differences(settings).forEach(key -> lines.add(key + " stays as it was: " + TO_APPLY));
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
