package io.ramzswap.attach.notify;

import io.ramzswap.attach.Attachment;
import io.ramzswap.attach.AttachmentPoint;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.device.SwapExport;
import io.ramzswap.nbd.kernel.KernelDevice;
import io.ramzswap.notify.NotifyMode;
import io.ramzswap.notify.SlotFreeNotifier;
import io.ramzswap.notify.SwapAreas;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadFactory;

/** Finds the kernel's devices; what is attached to them has a notifier from then until it is detached. */
public final class NotifiedPoints implements AttachmentPoint.Finder {
    private final AttachmentPoint.Finder devices;
    private final NotifyMode mode;
    private final ThreadFactory threads;

    /**
     * Of the devices that {@code devices} finds.
     *
     * @param threads makes the notifiers' threads
     */
    public NotifiedPoints(AttachmentPoint.Finder devices, NotifyMode mode, ThreadFactory threads) {
        this.devices = devices;
        this.mode = mode;
        this.threads = threads;
    }

    /** Removes what killed daemons have left in the kernel for devices that are attached no more. */
    public static void removeLeftOvers() {
        SlotFreeNotifier.removeLeftOvers(name ->
                KernelDevice.parse(name).filter(device -> !device.isAttached()).isPresent());
    }

    @Override
    public AttachmentPoint find(String deviceName) throws OperationException {
        return new Point(devices.find(deviceName));
    }

    private final class Point implements AttachmentPoint {
        private final AttachmentPoint point;

        Point(AttachmentPoint point) {
            this.point = point;
        }

        @Override
        public String name() {
            return point.name();
        }

        @Override
        public String exportName() {
            return point.exportName();
        }

        @Override
        public boolean isKernels() {
            return point.isKernels();
        }

        @Override
        public void requireReady() throws OperationException {
            point.requireReady();
        }

        @Override
        public void setConnections(OptionalInt count) {
            point.setConnections(count);
        }

        @Override
        public Attachment attach(SwapExport export) throws OperationException {
            Attachment attachment = point.attach(export);
            return new NotifiedAttachment(attachment, point.name(), mode, SwapAreas.ofThisMachine(), watch(export));
        }

        private Optional<SlotFreeNotifier> watch(SwapExport export) {
            Optional<KernelDevice> device = KernelDevice.parse(point.name());
            if (device.isEmpty()) {
                return Optional.empty();
            }
            // What is left for a device that we have just attached is nobody's.
            SlotFreeNotifier.removeLeftOvers(device.get().name()::equals);
            if (mode != NotifyMode.AUTO) {
                return Optional.empty();
            }
            return DeviceNumber.of(device.get().name())
                    .map(number -> SlotFreeNotifier.start(device.get().name(), number, export, threads));
        }
    }
}
