package io.ramzswap.daemon;

import io.ramzswap.attach.OperationException;
import io.ramzswap.config.BackingConfig;
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
     * @throws OperationException if the configuration is wrong or a device cannot be had; then nothing has changed
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
        bringUp(absent);
        List<String> told = new ArrayList<>(setMemLimits(configuration));
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

    private List<String> setMemLimits(Configuration configuration) {
        List<String> told = new ArrayList<>();
        for (DeviceConfig wanted : configuration.devices()) {
            DeviceConfig device = running.get(wanted.device());
            OptionalLong limit = wanted.memLimitBytes();
            if (limit.isPresent()
                    && !limit.equals(device.memLimitBytes())
                    && limit.getAsLong() <= device.diskSizeBytes()) {
                told.addAll(setMemLimit(device, limit.getAsLong()));
            }
        }
        return told;
    }

    private List<String> setMemLimit(DeviceConfig device, long bytes) {
        List<String> told = new ArrayList<>();
        try {
            told.addAll(devices.setMemLimit(device.device(), bytes));
            // What is larger than a backing swap is not taken, of which a warning tells.
            if (devices.statistics(device.device()).memLimitBytes() == bytes) {
                told.add(device.device() + " has a memlimit of " + (bytes >> 10) + " kB now");
            }
            running.put(device.device(), device.withMemLimit(bytes));
        } catch (OperationException e) {
            told.add(e.getMessage());
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
        for (DeviceConfig device : wanted) {
            devices.refuseIfInitialised(device.device());
        }
        List<DeviceConfig> up = new ArrayList<>();
        boolean all = false;
        try {
            for (DeviceConfig device : wanted) {
                initialise(device);
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

    /** With these settings alone, whatever an earlier attempt or somebody else gave it; if that fails, without settings. */
    private void initialise(DeviceConfig device) throws OperationException {
        devices.forgetSettings(device.device());
        boolean done = false;
        try {
            set(device);
            devices.init(device.device()).forEach(warning -> LOG.warn("{}: {}", device.device(), warning));
            done = true;
        } finally {
            if (!done) {
                devices.forgetSettings(device.device());
            }
        }
    }

    private void set(DeviceConfig device) throws OperationException {
        String name = device.device();
        if (device.memLimitBytes().isPresent()) {
            devices.setMemLimit(name, device.memLimitBytes().getAsLong());
        }
        if (device.backing().isPresent()) {
            BackingConfig backing = device.backing().get();
            devices.setBackingSwap(name, backing.path(), backing.options());
            devices.setWriteBackLimits(name, backing.limits());
        } else {
            devices.setDiskSize(name, device.diskSizeBytes());
        }
        devices.setAllocator(name, device.allocator());
        devices.setCompressor(name, device.compressor());
        devices.setConnections(name, device.connections());
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
