package io.ramzswap.daemon;

import io.ramzswap.attach.AttachmentPoint;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.device.DeviceReport;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.doctor.Observation;
import io.ramzswap.notify.SwapStatistics;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import io.ramzswap.shortage.ShortageWatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** All devices of the daemon, by name. Thread-safe; operations on different devices do not wait for each other. */
public final class DeviceRegistry implements ShortageWatch.Devices {
    private final AttachmentPoint.Finder points;
    private final Store.Factory stores;
    private final SettingsPolicy policy;
    private final RequestedSettings listening;

    private final Map<String, ManagedDevice> devices = new ConcurrentHashMap<>();

    /** Read by operations on devices, written by the end of all of them: so nothing is initialised after {@link #stop}. */
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();

    private boolean stopped;

    /** What is done with a device. */
    @FunctionalInterface
    private interface DeviceOperation<T> {
        T on(ManagedDevice device) throws OperationException;
    }

    /** The same without an answer. */
    @FunctionalInterface
    private interface DeviceChange {
        void on(ManagedDevice device) throws OperationException;
    }

    /** Without a device. */
    public DeviceRegistry(AttachmentPoint.Finder points, Store.Factory stores, SettingsPolicy policy) {
        this(points, stores, policy, RequestedSettings.NONE);
    }

    /**
     * Without a device.
     *
     * @param listening the settings that a device which is not the kernel's takes where a user says nothing
     */
    DeviceRegistry(
            AttachmentPoint.Finder points, Store.Factory stores, SettingsPolicy policy, RequestedSettings listening) {
        this.points = points;
        this.stores = stores;
        this.policy = policy;
        this.listening = listening;
    }

    /**
     * Does all that is asked of a device, or nothing.
     *
     * @return warnings for the user
     * @throws OperationException if a part of it cannot be done; then nothing has changed
     */
    public List<String> carryOut(String deviceName, DeviceRequest request) throws OperationException {
        return run(deviceName, device -> device.carryOut(request));
    }

    /** Sets the disksize that the next init of the device takes. */
    public void setDiskSize(String deviceName, long bytes) throws OperationException {
        carryOut(deviceName, DeviceRequest.of(RequestedSettings.of(DeviceCatalogue.DISK_SIZE, bytes)));
    }

    /**
     * Sets the memory limit, at once if the device is initialised, else for its next init.
     *
     * @return warnings for the user
     */
    public List<String> setMemLimit(String deviceName, long bytes) throws OperationException {
        return carryOut(deviceName, DeviceRequest.of(RequestedSettings.of(DeviceCatalogue.MEM_LIMIT, bytes)));
    }

    /**
     * Does nothing.
     *
     * @throws OperationException if the device is initialised and cannot have these live settings
     */
    void check(String deviceName, RequestedSettings settings) throws OperationException {
        change(deviceName, device -> device.check(settings));
    }

    /** Names the backing swap that the next init of the device takes. */
    public void setBackingSwap(String deviceName, Path path, BackingOptions options) throws OperationException {
        carryOut(
                deviceName,
                DeviceRequest.of(new RequestedSettings(SettingValues.of(DeviceCatalogue.BACKING_SWAP, path)
                        .with(DeviceCatalogue.BACKING_LAYOUT, options.layout())
                        .with(DeviceCatalogue.BACKING_ENCRYPT, options.encrypted()))));
    }

    /**
     * Makes a device ready for use: its memory is there, its swap header is written, it can be reached. It takes what was set
     * before.
     *
     * @return warnings for the user
     * @throws OperationException if any step of it failed; what was done before is undone
     */
    public List<String> init(String deviceName) throws OperationException {
        return carryOut(deviceName, new DeviceRequest(RequestedSettings.NONE, true, Optional.empty(), false));
    }

    /**
     * Does the same with these settings alone, whatever was set before. A memory limit that cannot be is refused.
     *
     * @return warnings for the user
     * @throws OperationException if any step of it failed; nothing has changed
     */
    List<String> init(String deviceName, RequestedSettings settings) throws OperationException {
        return run(deviceName, device -> device.init(settings));
    }

    /**
     * Checks that there is memory for the tables and reserves of all these devices, which are about to be made.
     *
     * @throws OperationException NO_MEMORY if not
     */
    void requireMemory(List<RequestedSettings> wanted) throws OperationException {
        policy.requireMemory(wanted);
    }

    /**
     * Takes a device down, frees its pages and forgets its settings.
     *
     * @throws OperationException BUSY if somebody uses it; nothing has changed
     */
    public void reset(String deviceName) throws OperationException {
        change(deviceName, device -> device.reset());
    }

    /**
     * Does nothing with a device that is not initialised.
     *
     * @throws OperationException BUSY if it is
     */
    void refuseIfInitialised(String deviceName) throws OperationException {
        change(deviceName, ManagedDevice::refuseIfInitialised);
    }

    /** The counters of an initialised device. */
    public DeviceStatistics statistics(String deviceName) throws OperationException {
        return run(deviceName, ManagedDevice::statistics);
    }

    /** The devices that are initialised now, in the order of their names. */
    public List<DeviceReport> list() {
        return devices.values().stream()
                .flatMap(device -> device.report().stream())
                .sorted(Comparator.comparing(
                        DeviceReport::name,
                        Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder())))
                .toList();
    }

    /** The same with what the kernel says of them, in any order. */
    List<Observation> observe() {
        return devices.values().stream()
                .flatMap(device -> device.observe().stream())
                .toList();
    }

    /** What the kernel says of a device, if it is initialised and one of the kernel's. */
    public Optional<SwapStatistics> swapStatistics(String deviceName) throws OperationException {
        return run(deviceName, ManagedDevice::swapStatistics);
    }

    @Override
    public long refusedWrites() {
        long refused = 0;
        for (ManagedDevice device : devices.values()) {
            refused += device.refusedWrites();
        }
        return refused;
    }

    @Override
    public boolean isServed(String name) {
        return isInitialised(name);
    }

    /** Whether the device, by the name of its attachment point, is initialised. */
    boolean isInitialised(String name) {
        ManagedDevice device = devices.get(name);
        return device != null && device.isInitialised();
    }

    /**
     * Returns once every device that is initialised has answered a read of our own.
     *
     * @throws OperationException if one cannot be reached
     */
    public void probe() throws OperationException {
        for (ManagedDevice device : devices.values()) {
            device.probe();
        }
    }

    /**
     * Takes all devices down, or none. Waits for operations under way; afterwards there are no devices, and none can be
     * made.
     *
     * @throws OperationException BUSY if somebody uses one of them; nothing has changed
     */
    public void stop() throws OperationException {
        List<ManagedDevice.Takedown> takedowns = new ArrayList<>();
        lifetime.writeLock().lock();
        try {
            for (ManagedDevice device : devices.values()) {
                takedowns.add(device.prepareTakedown());
            }
            for (ManagedDevice.Takedown takedown : takedowns) {
                takedown.complete();
            }
            stopped = true;
        } finally {
            takedowns.forEach(ManagedDevice.Takedown::close);
            lifetime.writeLock().unlock();
        }
    }

    private RequestedSettings unsaid(AttachmentPoint point) {
        return point.isKernels() ? RequestedSettings.NONE : listening;
    }

    private void change(String deviceName, DeviceChange change) throws OperationException {
        run(deviceName, device -> {
            change.on(device);
            return device;
        });
    }

    private <T> T run(String deviceName, DeviceOperation<T> operation) throws OperationException {
        AttachmentPoint point = points.find(deviceName);
        lifetime.readLock().lock();
        try {
            if (stopped) {
                throw new OperationException(Refusal.BUSY, "the daemon is stopping");
            }
            return operation.on(devices.computeIfAbsent(
                    point.name(), name -> new ManagedDevice(point, stores, policy, unsaid(point))));
        } finally {
            lifetime.readLock().unlock();
        }
    }
}
