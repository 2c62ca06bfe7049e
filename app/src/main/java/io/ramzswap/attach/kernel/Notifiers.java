package io.ramzswap.attach.kernel;

import io.ramzswap.device.SwapExport;
import io.ramzswap.nbd.kernel.KernelDevice;
import io.ramzswap.notify.NotifyMode;
import io.ramzswap.notify.SlotFreeNotifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/**
 * Gives each device of the kernel a notifier of the swap slots that the kernel frees, from when it is attached until it is
 * detached.
 *
 * @param mode whether it gets one
 * @param starter starts it
 */
public record Notifiers(NotifyMode mode, Starter starter) {
    private static final Path SYSFS_BLOCK = Path.of("/sys/block");

    /** The major number of a block device begins there inside the kernel; below it is the minor one. */
    private static final int MINOR_BITS = 20;

    /** Starts the notifier of one device; empty where there is none. */
    @FunctionalInterface
    interface Starter {
        /** Starts it for a device that has just been attached. */
        Optional<SlotFreeNotifier> start(KernelDevice device, SwapExport export);
    }

    /**
     * Those of this machine.
     *
     * @param threads makes the notifiers' threads
     */
    public static Notifiers ofThisMachine(NotifyMode mode, ThreadFactory threads) {
        return new Notifiers(mode, (device, export) -> {
            // Nothing else can have left something for a device that has just been attached.
            SlotFreeNotifier.removeLeftOvers(device.name()::equals);
            return mode == NotifyMode.AUTO
                    ? numberOf(device).map(number -> SlotFreeNotifier.start(device.name(), number, export, threads))
                    : Optional.empty();
        });
    }

    /** Removes what killed daemons have left in the kernel for devices that are attached no more. */
    public static void removeLeftOvers() {
        SlotFreeNotifier.removeLeftOvers(name ->
                KernelDevice.parse(name).filter(device -> !device.isAttached()).isPresent());
    }

    Optional<SlotFreeNotifier> start(KernelDevice device, SwapExport export) {
        return starter.start(device, export);
    }

    private static Optional<Integer> numberOf(KernelDevice device) {
        try {
            return Optional.of(
                    parse(Files.readString(SYSFS_BLOCK.resolve(device.name()).resolve("dev"))));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** From {@code major:minor}. */
    static int parse(String text) {
        String[] numbers = text.strip().split(":", 2);
        return (Integer.parseInt(numbers[0]) << MINOR_BITS) | Integer.parseInt(numbers[numbers.length - 1]);
    }
}
