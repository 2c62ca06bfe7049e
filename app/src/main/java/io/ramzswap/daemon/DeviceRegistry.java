package io.ramzswap.daemon;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.attach.AttachmentPoint;
import io.ramzswap.attach.OperationException;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.control.ErrorCode;
import io.ramzswap.device.DeviceReport;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.notify.SwapStatistics;
import io.ramzswap.shortage.ShortageWatch;
import io.ramzswap.writeback.WriteBackLimits;
import io.ramzswap.writeback.WriteBackOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** All devices of the daemon, by name. Thread-safe; operations on different devices do not wait for each other. */
public final class DeviceRegistry implements ShortageWatch.Devices {
    private final AttachmentPoint.Finder points;
    private final Store.Factory stores;
    private final SettingsPolicy policy;

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
        this.points = points;
        this.stores = stores;
        this.policy = policy;
    }

    /** Sets the disksize that the next init of the device takes. */
    public void setDiskSize(String deviceName, long bytes) throws OperationException {
        change(deviceName, device -> device.setDiskSize(bytes));
    }

    /**
     * Sets the memory limit, at once if the device is initialised, else for its next init.
     *
     * @return warnings for the user
     */
    public List<String> setMemLimit(String deviceName, long bytes) throws OperationException {
        return run(deviceName, device -> device.setMemLimit(bytes));
    }

    /** Names the backing swap that the next init of the device takes. */
    public void setBackingSwap(String deviceName, Path path, BackingOptions options) throws OperationException {
        change(deviceName, device -> device.setBackingSwap(path, options));
    }

    /**
     * Has pages of an initialised device moved to its backing swap, in the background.
     *
     * @throws OperationException UNSUPPORTED if it has none that can take them
     */
    public void writeBack(String deviceName, WriteBackOrder order) throws OperationException {
        change(deviceName, device -> device.writeBack(order));
    }

    /** Sets what is moved to the backing swap by itself, at once if the device is initialised, and for its next init. */
    public void setWriteBackLimits(String deviceName, WriteBackLimits limits) throws OperationException {
        change(deviceName, device -> device.setWriteBackLimits(limits));
    }

    /** Sets the most that is written back in an hour, as {@link #setWriteBackLimits} does; 0 for any. */
    public void setWriteBackBudget(String deviceName, long bytesPerHour) throws OperationException {
        change(deviceName, device -> device.setWriteBackBudget(bytesPerHour));
    }

    /** Sets the allocator that the next init of the device takes. */
    public void setAllocator(String deviceName, AllocatorKind allocator) throws OperationException {
        change(deviceName, device -> device.setAllocator(allocator));
    }

    /** Sets the compressor that the next init of the device takes. */
    public void setCompressor(String deviceName, CompressorKind compressor) throws OperationException {
        change(deviceName, device -> device.setCompressor(compressor));
    }

    /** Sets how many connections the next init of the device makes; a default if empty. */
    public void setConnections(String deviceName, OptionalInt count) throws OperationException {
        change(deviceName, device -> device.setConnections(count));
    }

    /**
     * Makes a device ready for use: its memory is there, its swap header is written, it can be reached.
     *
     * @return warnings for the user
     * @throws OperationException if any step of it failed; what was done before is undone
     */
    public List<String> init(String deviceName) throws OperationException {
        return run(deviceName, ManagedDevice::init);
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

    /**
     * Forgets what was set for the next init of a device.
     *
     * @throws OperationException BUSY if it is initialised; nothing has changed
     */
    void forgetSettings(String deviceName) throws OperationException {
        change(deviceName, ManagedDevice::forgetSettings);
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
                throw new OperationException(ErrorCode.BUSY, "the daemon is stopping");
            }
            return operation.on(
                    devices.computeIfAbsent(point.name(), name -> new ManagedDevice(point, stores, policy)));
        } finally {
            lifetime.readLock().unlock();
        }
    }
}
