package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.TransmissionFlag;
import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.nbd.libc.Libc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * An export attached to a device of the kernel, served by a thread for each connection. Thread-safe.
 *
 * <p>The threads serve before the kernel knows of them, because it reads from the device while it attaches it. They must
 * be able to run when memory is short: the factory is where a caller prepares them for that.
 */
public final class KernelAttachment {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int ATTEMPTS = 5;
    private static final long ANSWER_PATIENCE_MILLIS = 10_000;
    private static final long AFTER_ABANDON_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final KernelDevice device;
    private final AttachWay way;
    private final List<KernelConnection> connections;
    private List<String> complaints = List.of();
    private boolean detached;

    private KernelAttachment(KernelDevice device, AttachWay way, List<KernelConnection> connections) {
        this.device = device;
        this.way = way;
        this.connections = connections;
    }

    /**
     * Attaches and returns once the kernel shows the device in its full size, and reads the answers on every connection:
     * where it does not, the device is attached anew.
     *
     * <p>The kernel remembers the calling thread. When that has ended, the device looks {@linkplain KernelDevice#isLeftBehind left
     * behind}: so it has to stay as long as the device is attached.
     *
     * @param threads makes the connections' threads, and with ioctl one that stays in the kernel
     * @throws KernelException when the driver is missing or refuses, with advice
     */
    public static KernelAttachment attach(
            KernelDevice device, Export export, KernelOptions options, ThreadFactory threads) throws IOException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            final KernelAttachment attachment = attachOnce(device, export, options, threads);
            try (Undo undo = new Undo()) {
                undo.with(attachment, KernelAttachment::abandon);
                if (new AnswerCheck(device, ANSWER_PATIENCE_MILLIS).countDeaf() == 0) {
                    undo.done(attachment).keepApart();
                    return attachment;
                }
            }
        }
        throw new KernelException(
                KernelException.Reason.FAILED,
                device + " was attached " + ATTEMPTS
                        + " times, and each time the kernel read the answers on some of its"
                        + " connections only; try again when the machine is less busy, or with one connection");
    }

    /**
     * Has the kernel let go of a device whose server has died, and returns once it has. Whoever uses it gets I/O errors.
     *
     * @throws KernelException when the driver refuses, or some program still holds the device open
     */
    public static void release(KernelDevice device, KernelOptions options) throws IOException {
        try (AttachWay way = chooseWay(options, Thread::new)) {
            way.abandon(device);
        }
        if (!await(() -> !device.isAttached())) {
            throw stillOpen(device);
        }
        LockSupport.parkNanos(AFTER_ABANDON_NANOS);
    }

    private static KernelException stillOpen(KernelDevice device) {
        return new KernelException(
                KernelException.Reason.BUSY, device + " was told to detach, but some program still holds it open");
    }

    /** The threads from those whose requests they get. It is faster so, not safer: what cannot be had is left. */
    private void keepApart() {
        try {
            final Map<Integer, BitSet> senders = QueueProcessors.of(device.queues());
            for (int i = 0; i < connections.size(); i++) {
                connections.get(i).keepOff(senders.getOrDefault(i, new BitSet()));
            }
        } catch (IOException e) {
            // Said above.
        }
    }

    private static KernelAttachment attachOnce(
            KernelDevice device, Export export, KernelOptions options, ThreadFactory threads) throws IOException {
        if (device.isAttached()) {
            throw Refusal.attached(device);
        }
        final AttachWay.Geometry geometry = geometry(export, options);
        final AttachWay way = chooseWay(options, threads);
        final KernelAttachment attachment = new KernelAttachment(device, way, new ArrayList<>());
        try (Undo undo = new Undo()) {
            undo.with(attachment, KernelAttachment::giveUp);
            attachment.connect(export, geometry, options, threads);
            return undo.done(attachment);
        }
    }

    private void giveUp() {
        if (way.isConnected()) {
            abandon();
        } else {
            closeOurEnds();
        }
    }

    /** Where the export is. */
    public KernelDevice device() {
        return device;
    }

    /** What could not be set of the device's request queue, a line each, with what that means. Nothing is wrong for it. */
    public List<String> complaints() {
        return complaints;
    }

    /**
     * Detaches and returns once the device is free again. Does nothing when that was done before.
     *
     * @throws KernelException {@link KernelException.Reason#BUSY} when the device is swap, mounted or claimed, and nothing has
     *     changed then; or when the kernel was told to detach it, but some program has held it open for half a minute: who
     *     reads from it gets I/O errors, and this can be called again
     */
    public void detach() throws IOException {
        detach(device.claim());
    }

    /**
     * The same for a caller who has looked at the device under a claim of his own, which is closed here.
     *
     * @param claim on {@link #device}
     */
    public synchronized void detach(DeviceClaim claim) throws IOException {
        // The claim keeps swapon and mount out between the look and the act.
        try (claim) {
            if (!detached && device.isAttached()) {
                way.disconnect(device, claim);
            }
        }
        if (detached) {
            return;
        }
        if (!await(() -> !device.isAttached())) {
            throw stillOpen(device);
        }
        detached = true;
        closeOurEnds();
    }

    private void closeOurEnds() {
        connections.forEach(KernelConnection::shutdown);
        way.close();
    }

    /** Gives up what nobody uses yet; whatever the kernel says to that, our ends of the connections are closed. */
    private void abandon() {
        try {
            way.abandon(device);
        } catch (IOException e) {
            // Then the end of the connections has to tell it.
        }
        connections.forEach(KernelConnection::shutdown);
        await(() -> !device.isAttached());
        // udev looks at every device that changes, and as long as it does the kernel would call the device busy.
        LockSupport.parkNanos(AFTER_ABANDON_NANOS);
        way.close();
    }

    private void connect(Export export, AttachWay.Geometry geometry, KernelOptions options, ThreadFactory threads)
            throws IOException {
        final Libc libc = Libc.system();
        final boolean multi = (geometry.transmissionFlags() & TransmissionFlag.CAN_MULTI_CONN) != 0;
        final List<Integer> kernelEnds = new ArrayList<>();
        try {
            final int count = multi ? options.connections() : 1;
            for (int i = 0; i < count; i++) {
                final SocketPair pair = SocketPair.open(libc, options.buffers().socketBytes(count));
                kernelEnds.add(pair.kernels());
                connections.add(KernelConnection.start(pair.ours(), export, options, threads));
            }
            way.connect(device, geometry, kernelEnds);
        } finally {
            // The kernel has copies; ours would keep a connection open that it has given up.
            kernelEnds.forEach(libc::close);
        }
        if (!await(() -> device.sizeBytes() == geometry.sizeBytes()
                        || !way.failure().isEmpty())
                || !way.failure().isEmpty()) {
            throw new KernelException(
                    KernelException.Reason.FAILED, device + " did not come up with its size: " + way.failure());
        }
        complaints = new QueueSettings(device.sysfs().resolve("queue")).apply(options);
    }

    private static AttachWay.Geometry geometry(Export export, KernelOptions options) {
        final int block = options.blockSizeBytes();
        if (export.blockSize().minimum() > block || export.sizeBytes() % block != 0) {
            throw new IllegalArgumentException("an export of " + export.sizeBytes() + " bytes in blocks of "
                    + export.blockSize().minimum() + " cannot be attached with a block size of " + block);
        }
        return new AttachWay.Geometry(
                export.sizeBytes(), block, export.transmissionFlags() | TransmissionFlag.HAS_FLAGS);
    }

    private static AttachWay chooseWay(KernelOptions options, ThreadFactory threads) throws IOException {
        if (options.way() != KernelOptions.Way.IOCTL) {
            final Optional<AttachWay> netlink = NetlinkWay.open(Libc.system(), options);
            if (netlink.isPresent()) {
                return netlink.get();
            }
        }
        if (options.way() == KernelOptions.Way.NETLINK || KernelDevice.list().isEmpty()) {
            throw Refusal.noDriver();
        }
        return new IoctlWay(Libc.system(), threads, options);
    }

    private static boolean await(BooleanSupplier condition) {
        final long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
        return true;
    }
}
