package io.ramzswap.daemon;

import io.ramzswap.attach.Attachment;
import io.ramzswap.attach.AttachmentPoint;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.device.DeviceException;
import io.ramzswap.device.DeviceReport;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.doctor.Observation;
import io.ramzswap.libc.LibraryMissingException;
import io.ramzswap.notify.SwapStatistics;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import io.ramzswap.writeback.WriteBackOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One device through its life: settings are given, it is initialised, used, and reset. Thread-safe; an operation waits for
 * the one before it.
 */
final class ManagedDevice {
    private final AttachmentPoint point;
    private final Store.Factory stores;
    private final SettingsPolicy policy;

    /** What holds again after a reset. */
    private final RequestedSettings unsaid;

    private RequestedSettings settings;
    private volatile Optional<Live> live = Optional.empty();

    /**
     * An initialised device.
     *
     * @param settings what it was made with, and the memory limit that was set last
     */
    private record Live(Store store, Attachment attachment, DeviceSettings settings) {}

    /** What is done to a device, and may be refused. */
    @FunctionalInterface
    private interface Step {
        void run() throws OperationException;
    }

    /** A permit to take the device down, and what to do with it. */
    interface Takedown extends AutoCloseable {
        /** Takes it down. The device is as if it had never been initialised. */
        void complete() throws OperationException;

        /** Leaves it as it was, unless it is down. */
        @Override
        void close();
    }

    /**
     * One that is not initialised.
     *
     * @param unsaid the settings that it takes where a user says nothing
     */
    ManagedDevice(AttachmentPoint point, Store.Factory stores, SettingsPolicy policy, RequestedSettings unsaid) {
        this.point = point;
        this.stores = stores;
        this.policy = policy;
        this.unsaid = unsaid;
        this.settings = unsaid;
    }

    /**
     * Does all that is asked for, or nothing.
     *
     * @return warnings for the user
     * @throws OperationException if a part of it cannot be done; then nothing has changed
     */
    synchronized List<String> carryOut(DeviceRequest request) throws OperationException {
        RequestedSettings merged = request.settings().over(settings);
        check(request, merged);
        if (live.isPresent()) {
            return request.reset() ? checkAndReset(request) : change(request, merged);
        }
        List<String> warnings = new ArrayList<>();
        if (request.init()) {
            warnings.addAll(initialise(merged));
        }
        settings = merged;
        if (request.writeBack().isPresent()) {
            warnings.addAll(writeBack(request.writeBack().get()));
        }
        if (request.reset()) {
            reset();
        }
        return List.copyOf(warnings);
    }

    /** Whatever can be refused before anything is changed. */
    private void check(DeviceRequest request, RequestedSettings merged) throws OperationException {
        RequestedSettings asked = request.settings();
        if (asked.fixedOnceInitialised().isPresent()) {
            refuseIfInitialised("the " + asked.fixedOnceInitialised().get().words() + " is fixed");
        }
        if (request.init()) {
            refuseIfInitialised();
        }
        if (asked.diskSizeBytes().isPresent()) {
            SettingsPolicy.checkDiskSize(asked.diskSizeBytes().getAsLong());
        }
        if (asked.memLimitBytes().isPresent()) {
            SettingsPolicy.checkMemLimit(asked.memLimitBytes().getAsLong());
        }
        if (asked.limitsWriteBack() && !merged.canWriteBack()) {
            throw nowhereToWriteBack("writes nothing back that could be limited");
        }
        if (request.writeBack().isPresent()) {
            if (!request.init()) {
                requireLive("has nothing to write back");
            }
            if (!merged.canWriteBack()) {
                throw nowhereToWriteBack("has nowhere to write pages back to");
            }
        }
    }

    /** What is set goes with the device: it is checked, and that is all. */
    private List<String> checkAndReset(DeviceRequest request) throws OperationException {
        check(request.settings());
        reset();
        return List.of();
    }

    /** Of a device in use. */
    private List<String> change(DeviceRequest request, RequestedSettings merged) throws OperationException {
        Live before = live.orElseThrow();
        RequestedSettings settingsBefore = settings;
        List<String> warnings = new ArrayList<>();
        if (request.settings().memLimitBytes().isPresent()) {
            warnings.addAll(
                    changeMemLimit(before, request.settings().memLimitBytes().getAsLong()));
        }
        if (request.settings().values().has(DeviceCatalogue.COMPRESSOR)) {
            orUndo(() -> setCompressor(merged.compressor()), () -> restore(before, settingsBefore));
        }
        settings = merged;
        if (request.settings().limitsWriteBack()) {
            before.store().setWriteBackLimits(merged.writeBackLimits());
        }
        if (request.writeBack().isPresent()) {
            orUndo(() -> warnings.addAll(writeBack(request.writeBack().get())), () -> restore(before, settingsBefore));
        }
        return List.copyOf(warnings);
    }

    private static void orUndo(Step step, Step undo) throws OperationException {
        boolean done = false;
        try {
            step.run();
            done = true;
        } finally {
            if (!done) {
                undo.run();
            }
        }
    }

    private void restore(Live before, RequestedSettings settingsBefore) throws OperationException {
        setCompressor(before.settings().compressor());
        if (!live.orElseThrow().settings().equals(before.settings())) {
            setMemLimit(before, before.settings());
        }
        settings = settingsBefore;
        before.store().setWriteBackLimits(settingsBefore.writeBackLimits());
    }

    /** Returns warnings. */
    private List<String> changeMemLimit(Live device, long bytes) throws OperationException {
        SettingsPolicy.Decision decision = decideMemLimit(device, bytes);
        setMemLimit(device, decision.settings());
        return decision.warnings();
    }

    private SettingsPolicy.Decision decideMemLimit(Live device, long bytes) throws OperationException {
        try {
            SettingsPolicy.Decision decision = policy.change(device.settings(), bytes);
            SettingsPolicy.requirePageRoom(decision.settings(), settings.backingOptions());
            return decision;
        } catch (OperationException e) {
            throw keepsMemLimit(e.getMessage(), e);
        }
    }

    private OperationException keepsMemLimit(String why, Exception cause) {
        return new OperationException(Refusal.INVALID_VALUE, point.name() + " keeps its memlimit: " + why, cause);
    }

    private void setMemLimit(Live device, DeviceSettings changed) throws OperationException {
        try {
            device.store().setMemLimit(changed);
        } catch (DeviceException e) {
            throw keepsMemLimit(e.getMessage(), e);
        }
        live = Optional.of(new Live(device.store(), device.attachment(), changed));
    }

    /** Changes the compressor of a device in use. Pages that are there stay readable. */
    private void setCompressor(CompressorKind kind) throws OperationException {
        Live device = live.orElseThrow();
        if (device.settings().compressor() == kind) {
            return;
        }
        try {
            device.store().setCompressor(kind);
        } catch (DeviceException e) {
            throw keepsCompressor(Refusal.NO_MEMORY, e);
        } catch (LibraryMissingException e) {
            throw keepsCompressor(Refusal.LIBRARY_MISSING, e);
        }
        live = Optional.of(
                new Live(device.store(), device.attachment(), device.settings().withCompressor(kind)));
    }

    private OperationException keepsCompressor(Refusal refusal, Exception why) {
        return new OperationException(refusal, point.name() + " keeps its compressor: " + why.getMessage(), why);
    }

    /**
     * Does nothing.
     *
     * @throws OperationException if the device is in use and cannot have these live settings
     */
    synchronized void check(RequestedSettings wanted) throws OperationException {
        if (live.isPresent() && wanted.memLimitBytes().isPresent()) {
            decideMemLimit(live.get(), wanted.memLimitBytes().getAsLong());
        }
    }

    /** Has pages moved to the backing swap, in the background. Returns warnings. */
    private List<String> writeBack(WriteBackOrder order) throws OperationException {
        long bytes = live.orElseThrow()
                .store()
                .writeBack(order)
                .orElseThrow(() -> nowhereToWriteBack("has nowhere to write pages back to"));
        if (bytes == 0) {
            throw new OperationException(
                    Refusal.BUSY,
                    point.name() + " has used up its write-back limit of "
                            + kilobytes(settings.writeBackLimits().bytesPerHour())
                            + " for this hour, nothing was ordered: order it again later, or raise the limit");
        }
        return bytes == Long.MAX_VALUE
                ? List.of()
                : List.of(
                        "at most " + kilobytes(bytes) + " are written back: that is what is left of this hour's limit");
    }

    private OperationException nowhereToWriteBack(String complaint) {
        return new OperationException(
                Refusal.UNSUPPORTED,
                point.name() + " " + complaint + ": that takes a backing swap, with the layout log");
    }

    private static String kilobytes(long bytes) {
        return (bytes >> 10) + " kB";
    }

    /**
     * Makes the device ready for use with these settings alone, whatever somebody gave it before. A memory limit that cannot be is
     * refused.
     *
     * @return warnings for the user
     * @throws OperationException if any step of it failed; then nothing has changed
     */
    synchronized List<String> init(RequestedSettings wanted) throws OperationException {
        refuseIfInitialised();
        List<String> warnings = initialise(wanted, true);
        settings = wanted;
        return warnings;
    }

    /** By the rules of 2009. Returns warnings. */
    private List<String> initialise(RequestedSettings wanted) throws OperationException {
        return initialise(wanted, false);
    }

    private List<String> initialise(RequestedSettings wanted, boolean strict) throws OperationException {
        if (wanted.diskSizeBytes().isPresent()) {
            SettingsPolicy.checkDiskSize(wanted.diskSizeBytes().getAsLong());
        }
        point.makeReady();
        Optional<BackingSwap> backing = openBackingSwap(wanted);
        SettingsPolicy.Decision decision = decide(wanted, strict, backing);
        Store store = createStore(decision.settings(), backing);
        point.setConnections(wanted.connections());
        try {
            live = Optional.of(new Live(store, point.attach(store.export()), decision.settings()));
        } finally {
            if (live.isEmpty()) {
                store.close();
                point.setConnections(settings.connections());
            }
        }
        store.setWriteBackLimits(wanted.writeBackLimits());
        List<String> warnings = new ArrayList<>(decision.warnings());
        backing.ifPresent(swap -> warnings.addAll(swap.warnings()));
        return List.copyOf(warnings);
    }

    private Optional<BackingSwap> openBackingSwap(RequestedSettings wanted) throws OperationException {
        if (wanted.backing().isEmpty()) {
            return Optional.empty();
        }
        RequestedSettings.Backing swap = wanted.backing().get();
        return Optional.of(BackingSwaps.open(point.name(), swap.path(), swap.options()));
    }

    /** Closes the backing swap when it fails. */
    private SettingsPolicy.Decision decide(RequestedSettings wanted, boolean strict, Optional<BackingSwap> backing)
            throws OperationException {
        OptionalLong backingBytes =
                backing.isPresent() ? OptionalLong.of(backing.get().sizeBytes()) : OptionalLong.empty();
        SettingsPolicy.Decision decision = policy.decide(wanted.diskSizeBytes(), wanted.memLimitBytes(), backingBytes);
        DeviceSettings made =
                decision.settings().withAllocator(wanted.allocator()).withCompressor(wanted.compressor());
        boolean possible = false;
        try {
            if (strict && wanted.memLimitBytes().isPresent()) {
                SettingsPolicy.requireMemLimit(wanted.memLimitBytes().getAsLong(), made.diskSizeBytes());
            }
            SettingsPolicy.requirePageRoom(made, wanted.backingOptions());
            policy.requireMemory(policy.initialBytes(made, wanted.backingOptions()));
            possible = true;
        } catch (OperationException e) {
            throw new OperationException(e.code(), point.name() + " was not initialised: " + e.getMessage(), e);
        } finally {
            if (!possible) {
                backing.ifPresent(BackingSwap::close);
            }
        }
        return new SettingsPolicy.Decision(made, decision.warnings());
    }

    /** Closes the backing swap when it fails. */
    private Store createStore(DeviceSettings made, Optional<BackingSwap> backing) throws OperationException {
        Optional<Store> store = Optional.empty();
        try {
            store = Optional.of(stores.create(point, made, backing));
            return store.get();
        } catch (DeviceException e) {
            throw new OperationException(
                    Refusal.NO_MEMORY, point.name() + " was not initialised: " + e.getMessage(), e);
        } catch (LibraryMissingException e) {
            throw new OperationException(
                    Refusal.LIBRARY_MISSING, point.name() + " was not initialised: " + e.getMessage(), e);
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

    /** How many of the kernel's writes were refused since init. Does not wait for operations under way. */
    long refusedWrites() {
        Optional<Live> seen = live;
        return point.isKernels() && seen.isPresent() ? seen.get().store().refusedWrites() : 0;
    }

    boolean isInitialised() {
        return live.isPresent();
    }

    synchronized DeviceStatistics statistics() throws OperationException {
        return requireLive("has no statistics").store().statistics();
    }

    private Live requireLive(String consequence) throws OperationException {
        return live.orElseThrow(() -> new OperationException(
                Refusal.NOT_INITIALISED,
                point.name() + " " + consequence + ": it is not initialised; run rzscontrol " + point.name()
                        + " --init first"));
    }

    /** The device in words and figures, if it is initialised. */
    synchronized Optional<DeviceReport> report() {
        return live.map(device -> new DeviceReport(
                point.name(),
                device.settings().allocator().label(),
                device.settings().compressor().label(),
                device.store().statistics()));
    }

    /** The same with what the kernel says of it. */
    synchronized Optional<Observation> observe() {
        return report().map(report -> new Observation(report, swapStatistics()));
    }

    /** What the kernel says of it, if it is initialised and a device of the kernel's. */
    synchronized Optional<SwapStatistics> swapStatistics() {
        return live.flatMap(device -> device.attachment().swapStatistics());
    }

    /** Does nothing with one that is not initialised. */
    synchronized void refuseIfInitialised() throws OperationException {
        refuseIfInitialised("it is not initialised again");
    }

    private void refuseIfInitialised(String consequence) throws OperationException {
        if (live.isPresent()) {
            throw new OperationException(
                    Refusal.BUSY,
                    point.name() + " is initialised: " + consequence + "; to begin anew, swapoff it and run rzscontrol "
                            + point.name() + " --reset");
        }
    }

    private synchronized void forget() {
        live.ifPresent(device -> device.store().close());
        live = Optional.empty();
        settings = unsaid;
        point.setConnections(unsaid.connections());
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
