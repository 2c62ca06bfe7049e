package io.ramzswap.daemon;

import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.device.DeviceException;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.device.RamzswapDevice;
import io.ramzswap.device.Rehearsal;
import io.ramzswap.device.SlotFrees;
import io.ramzswap.device.SwapExport;
import io.ramzswap.device.TrimMode;
import io.ramzswap.nbd.ForwardingExport;
import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.nbd.helped.HelpedExport;
import io.ramzswap.writeback.WriteBackLimits;
import io.ramzswap.writeback.WriteBackOrder;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadFactory;

/** Pages in a {@link RamzswapDevice}, whose long writes two threads carry out. */
public final class DeviceStore implements Store {
    private final RamzswapDevice device;
    private final HelpedExport export;
    private final Preparation preparation;

    /** Makes ready what pages of a compressor need. */
    @FunctionalInterface
    private interface Preparation {
        void prepare(CompressorKind kind) throws DeviceException;
    }

    private DeviceStore(RamzswapDevice device, ThreadFactory helping, Preparation preparation) {
        this.device = device;
        this.preparation = preparation;
        this.export = new HelpedExport(device, Runtime.getRuntime().availableProcessors(), helping);
    }

    /**
     * Makes them.
     *
     * @param rehearsal runs before the first one for the kernel; other clients can wait for what is done for the first time
     * @param trim whether they let their users discard pages
     * @param threads makes the threads that each device has of its own, and those that help with the requests of sockets' clients
     * @param answering makes those that help with the kernel's requests
     */
    public static Store.Factory factory(
            Rehearsal rehearsal, TrimMode trim, ThreadFactory threads, ThreadFactory answering) {
        return (point, settings, backing) -> {
            Optional<BackingOptions> options = backing.map(BackingSwap::options);
            Preparation preparation = point.isKernels()
                    ? kind -> rehearsal.ensure(settings.allocator(), kind, options)
                    : CompressorKind::requireNative;
            preparation.prepare(settings.compressor());
            RamzswapDevice device = RamzswapDevice.create(point.exportName(), settings, trim, backing, threads);
            // Of the same kind as the connections' threads.
            return of(device, point.isKernels() ? answering : threads, preparation);
        };
    }

    /** Closes the device if that fails. */
    private static DeviceStore of(RamzswapDevice device, ThreadFactory helping, Preparation preparation) {
        try (Undo undo = new Undo()) {
            return undo.done(new DeviceStore(undo.with(device, RamzswapDevice::close), helping, preparation));
        }
    }

    @Override
    public SwapExport export() {
        return new Face(export, device);
    }

    @Override
    public DeviceStatistics statistics() {
        return device.statistics();
    }

    @Override
    public long refusedWrites() {
        return device.refusedWrites();
    }

    @Override
    public void setMemLimit(DeviceSettings changed) throws DeviceException {
        device.setMemLimit(changed);
    }

    @Override
    public void setCompressor(CompressorKind kind) throws DeviceException {
        preparation.prepare(kind);
        device.setCompressor(kind);
    }

    @Override
    public OptionalLong writeBack(WriteBackOrder order) {
        return device.writeBack(order);
    }

    @Override
    public void setWriteBackLimits(WriteBackLimits limits) {
        device.setWriteBackLimits(limits);
    }

    @Override
    public void close() {
        export.close();
        device.close();
    }

    /** What users see: help with long writes, and the device's own slots. */
    private static final class Face extends ForwardingExport implements SwapExport {
        private final RamzswapDevice device;

        Face(HelpedExport helped, RamzswapDevice device) {
            super(helped);
            this.device = device;
        }

        @Override
        public SlotFrees openSlotFrees() {
            return device.openSlotFrees();
        }
    }
}
