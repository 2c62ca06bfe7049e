package io.ramzswap.attach.kernel;

import io.ramzswap.attach.AttachmentPoint;
import io.ramzswap.nbd.kernel.KernelDevice;
import io.ramzswap.nbd.kernel.KernelOptions;
import io.ramzswap.process.ProcessGuards;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;

/** Finds the kernel's devices by their names, symbolic links included. */
public final class KernelPoints implements AttachmentPoint.Finder {
    private final KernelDriver driver;
    private final BlockDeviceUse use;
    private final ProcessGuards guards;
    private final Notifiers notifiers;
    private final ThreadFactory threads;

    KernelPoints(
            KernelDriver driver, BlockDeviceUse use, ProcessGuards guards, Notifiers notifiers, ThreadFactory threads) {
        this.driver = driver;
        this.use = use;
        this.guards = guards;
        this.notifiers = notifiers;
        this.threads = threads;
    }

    /**
     * On this machine.
     *
     * @param options how the kernel is served
     * @param guards what protects this process
     * @param notifiers tell of the swap slots that the kernel frees
     * @param threads makes the threads that serve
     */
    public static KernelPoints ofThisMachine(
            KernelOptions options, ProcessGuards guards, Notifiers notifiers, ThreadFactory threads) {
        return new KernelPoints(
                KernelDriver.running(options), new BlockDeviceUse(Path.of("/proc")), guards, notifiers, threads);
    }

    @Override
    public AttachmentPoint find(String deviceName) throws OperationException {
        KernelDevice device = KernelDevice.parse(resolve(deviceName)).orElseThrow(() -> unknown(deviceName));
        try {
            if (!driver.isLoaded()) {
                throw new OperationException(
                        Refusal.NO_DRIVER,
                        deviceName + ": the kernel's nbd driver is not loaded; run 'modprobe nbd max_part=0' as root");
            }
        } catch (IOException e) {
            throw new OperationException(Refusal.INTERNAL, "looking for the nbd driver failed: " + e.getMessage(), e);
        }
        if (!driver.exists(device)) {
            throw unknown(deviceName);
        }
        return new KernelPoint(device, driver, use, guards, notifiers, threads);
    }

    /** Where a symbolic link leads; a name that leads nowhere stays as it is. */
    private static String resolve(String deviceName) {
        try {
            return Path.of(deviceName).toRealPath().toString();
        } catch (IOException | RuntimeException e) {
            return deviceName;
        }
    }

    private static OperationException unknown(String deviceName) {
        return new OperationException(
                Refusal.NO_DEVICE,
                "no device " + deviceName
                        + ": ramzswap devices are /dev/nbd0, /dev/nbd1 and so on, as many as the nbd driver" + " has");
    }
}
