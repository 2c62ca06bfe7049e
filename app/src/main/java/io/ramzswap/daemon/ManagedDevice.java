package io.ramzswap.daemon;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.attach.Attachment;
import io.ramzswap.attach.AttachmentPoint;
import io.ramzswap.attach.OperationException;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.control.ErrorCode;
import io.ramzswap.device.DeviceException;
import io.ramzswap.device.DeviceReport;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.libc.LibraryMissingException;
import io.ramzswap.notify.SwapStatistics;
import io.ramzswap.writeback.WriteBackLimits;
import io.ramzswap.writeback.WriteBackOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One device through its life: settings are given, it is initialised, used, and reset. Thread-safe; an operation waits for
 * the one before it.
 */
final class ManagedDevice {
    private final AttachmentPoint point;
    private final Store.Factory stores;
    private final SettingsPolicy policy;

    private OptionalLong diskSizeBytes = OptionalLong.empty();
    private OptionalLong memLimitBytes = OptionalLong.empty();
    private Optional<Path> backingSwap = Optional.empty();
    private BackingOptions backingOptions = BackingOptions.DEFAULT;
    private WriteBackLimits writeBackLimits = WriteBackLimits.NONE;
    private AllocatorKind allocator = AllocatorKind.DEFAULT;
    private CompressorKind compressor = CompressorKind.DEFAULT;
    private volatile Optional<Live> live = Optional.empty();

    /**
     * An initialised device.
     *
     * @param backingBytes the size of its backing swap, if it has one
     */
    private record Live(Store store, Attachment attachment, OptionalLong backingBytes) {}

    /** A permit to take the device down, and what to do with it. */
    interface Takedown extends AutoCloseable {
        /** Takes it down. The device is as if it had never been initialised. */
        void complete() throws OperationException;

        /** Leaves it as it was, unless it is down. */
        @Override
        void close();
    }

    ManagedDevice(AttachmentPoint point, Store.Factory stores, SettingsPolicy policy) {
        this.point = point;
        this.stores = stores;
        this.policy = policy;
    }

    synchronized void setDiskSize(long bytes) throws OperationException {
        refuseIfInitialised("the disksize is fixed");
        SettingsPolicy.checkDiskSize(bytes);
        diskSizeBytes = OptionalLong.of(bytes);
    }

    /** Takes effect at once, too. Answers warnings. */
    synchronized List<String> setMemLimit(long bytes) throws OperationException {
        List<String> warnings = live.isPresent() ? changeMemLimit(live.get(), bytes) : List.of();
        memLimitBytes = OptionalLong.of(bytes);
        return warnings;
    }

    private List<String> changeMemLimit(Live device, long bytes) throws OperationException {
        SettingsPolicy.Decision decision = policy.decide(diskSizeBytes, OptionalLong.of(bytes), device.backingBytes());
        try {
            device.store().setMemLimit(settings(decision));
        } catch (DeviceException e) {
            throw new OperationException(
                    ErrorCode.INVALID_VALUE, point.name() + " keeps its memlimit: " + e.getMessage(), e);
        }
        return decision.warnings();
    }

    synchronized void setBackingSwap(Path path, BackingOptions options) throws OperationException {
        refuseIfInitialised("the backing swap is fixed");
        backingSwap = Optional.of(path);
        backingOptions = options;
    }

    /** Has pages moved to the backing swap, in the background. */
    synchronized void writeBack(WriteBackOrder order) throws OperationException {
        if (!requireLive("has nothing to write back").store().writeBack(order)) {
            throw new OperationException(
                    ErrorCode.UNSUPPORTED,
                    point.name() + " has nowhere to write pages back to: that takes a backing swap, with the layout"
                            + " log");
        }
    }

    /** Takes effect at once, and at every init until the reset. */
    synchronized void setWriteBackLimits(WriteBackLimits limits) {
        writeBackLimits = limits;
        live.ifPresent(device -> device.store().setWriteBackLimits(limits));
    }

    /** Sets the most that is written back in an hour, in the same way; 0 for any. */
    synchronized void setWriteBackBudget(long bytesPerHour) {
        setWriteBackLimits(
                new WriteBackLimits(bytesPerHour, writeBackLimits.leastIdleSeconds(), writeBackLimits.hugeOnly()));
    }

    synchronized void setAllocator(AllocatorKind kind) throws OperationException {
        refuseIfInitialised("the allocator is fixed");
        allocator = kind;
    }

    synchronized void setCompressor(CompressorKind kind) throws OperationException {
        refuseIfInitialised("the compressor is fixed");
        compressor = kind;
    }

    synchronized void setConnections(OptionalInt count) throws OperationException {
        refuseIfInitialised("its connections are fixed");
        point.setConnections(count);
    }

    /** Makes the device ready for use. Answers warnings. */
    synchronized List<String> init() throws OperationException {
        refuseIfInitialised();
        point.requireReady();
        Optional<BackingSwap> backing = openBackingSwap();
        OptionalLong backingBytes =
                backing.isPresent() ? OptionalLong.of(backing.get().sizeBytes()) : OptionalLong.empty();
        SettingsPolicy.Decision decision = policy.decide(diskSizeBytes, memLimitBytes, backingBytes);
        Store store = createStore(decision, backing);
        try {
            live = Optional.of(new Live(store, point.attach(store.export()), backingBytes));
        } finally {
            if (live.isEmpty()) {
                store.close();
            }
        }
        store.setWriteBackLimits(writeBackLimits);
        List<String> warnings = new ArrayList<>(decision.warnings());
        backing.ifPresent(swap -> warnings.addAll(swap.warnings()));
        return List.copyOf(warnings);
    }

    private DeviceSettings settings(SettingsPolicy.Decision decision) {
        return decision.settings().withAllocator(allocator).withCompressor(compressor);
    }

    private Optional<BackingSwap> openBackingSwap() throws OperationException {
        return backingSwap.isPresent()
                ? Optional.of(BackingSwaps.open(point.name(), backingSwap.get(), backingOptions))
                : Optional.empty();
    }

    /** Closes the backing swap when it fails. */
    private Store createStore(SettingsPolicy.Decision decision, Optional<BackingSwap> backing)
            throws OperationException {
        Optional<Store> store = Optional.empty();
        try {
            store = Optional.of(stores.create(point, settings(decision), backing));
            return store.get();
        } catch (DeviceException e) {
            throw new OperationException(
                    ErrorCode.NO_MEMORY, point.name() + " was not initialised: " + e.getMessage(), e);
        } catch (LibraryMissingException e) {
            throw new OperationException(
                    ErrorCode.LIBRARY_MISSING, point.name() + " was not initialised: " + e.getMessage(), e);
        } finally {
            if (store.isEmpty()) {
                backing.ifPresent(BackingSwap::close);
            }
        }
    }

    /** Takes the device down and forgets its settings. Without effect on one that is not initialised, as in 2009. */
    synchronized void reset() throws OperationException {
        try (Takedown takedown = prepareTakedown()) {
            takedown.complete();
        }
    }

    /**
     * The first half of a takedown, which is the one that can be refused.
     *
     * @throws OperationException BUSY if the device is in use; nothing has changed
     */
    synchronized Takedown prepareTakedown() throws OperationException {
        if (live.isEmpty()) {
            return new Down();
        }
        return new Up(live.get().attachment().reserve());
    }

    /** Sees whether the device is still served, if it is initialised. Does not wait for operations under way. */
    void probe() throws OperationException {
        Optional<Live> seen = live;
        if (seen.isPresent()) {
            seen.get().attachment().probe();
        }
    }

    boolean isInitialised() {
        return live.isPresent();
    }

    synchronized DeviceStatistics statistics() throws OperationException {
        return requireLive("has no statistics").store().statistics();
    }

    private Live requireLive(String consequence) throws OperationException {
        return live.orElseThrow(() -> new OperationException(
                ErrorCode.NOT_INITIALISED,
                point.name() + " " + consequence + ": it is not initialised; run rzscontrol " + point.name()
                        + " --init first"));
    }

    /** The device in words and figures, if it is initialised. */
    synchronized Optional<DeviceReport> report() {
        return live.map(device -> new DeviceReport(
                point.name(),
                allocator.label(),
                compressor.label(),
                device.store().statistics()));
    }

    /** What the kernel says of it, if it is initialised and a device of the kernel's. */
    synchronized Optional<SwapStatistics> swapStatistics() {
        return live.flatMap(device -> device.attachment().swapStatistics());
    }

    /** Does nothing with one that is not initialised. */
    synchronized void refuseIfInitialised() throws OperationException {
        refuseIfInitialised("it is not initialised again");
    }

    /** As {@link #reset}, for one that is not initialised; refused for one that is, used or not. */
    synchronized void forgetSettings() throws OperationException {
        refuseIfInitialised();
        forget();
    }

    private void refuseIfInitialised(String consequence) throws OperationException {
        if (live.isPresent()) {
            throw new OperationException(
                    ErrorCode.BUSY,
                    point.name() + " is initialised: " + consequence + "; to begin anew, swapoff it and run rzscontrol "
                            + point.name() + " --reset");
        }
    }

    private synchronized void forget() {
        live.ifPresent(device -> device.store().close());
        live = Optional.empty();
        diskSizeBytes = OptionalLong.empty();
        memLimitBytes = OptionalLong.empty();
        backingSwap = Optional.empty();
        backingOptions = BackingOptions.DEFAULT;
        writeBackLimits = WriteBackLimits.NONE;
        allocator = AllocatorKind.DEFAULT;
        compressor = CompressorKind.DEFAULT;
        point.setConnections(OptionalInt.empty());
    }

    /** The takedown of a device that is not initialised. */
    private final class Down implements Takedown {
        @Override
        public void complete() {
            forget();
        }

        @Override
        public void close() {}
    }

    /** The takedown of a live device. */
    private final class Up implements Takedown {
        private final Attachment.Permit permit;

        Up(Attachment.Permit permit) {
            this.permit = permit;
        }

        @Override
        public void complete() throws OperationException {
            permit.detach();
            forget();
        }

        @Override
        public void close() {
            permit.close();
        }
    }
}
