package io.ramzswap.attach.kernel;

import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.attach.Attachment;
import io.ramzswap.attach.AttachmentPoint;
import io.ramzswap.device.SwapExport;
import io.ramzswap.host.ActiveSwaps;
import io.ramzswap.nbd.closing.ThreadEnd;
import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.nbd.kernel.KernelDevice;
import io.ramzswap.nbd.kernel.KernelException;
import io.ramzswap.notify.NotifyStatistics;
import io.ramzswap.notify.SlotFreeNotifier;
import io.ramzswap.notify.SwapStatistics;
import io.ramzswap.process.ProcessGuards;
import io.ramzswap.process.Session;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One block device of the kernel. */
final class KernelPoint implements AttachmentPoint {
    private static final Logger LOG = LoggerFactory.getLogger(KernelPoint.class);

    private static final int PAUSE_BETWEEN_LOOKS_MILLIS = 100;

    private final KernelDevice device;
    private final KernelDriver driver;
    private final BlockDeviceUse use;
    private final ProcessGuards guards;
    private final Notifiers notifiers;
    private final ThreadFactory threads;
    private volatile OptionalInt connections = OptionalInt.empty();

    KernelPoint(
            KernelDevice device,
            KernelDriver driver,
            BlockDeviceUse use,
            ProcessGuards guards,
            Notifiers notifiers,
            ThreadFactory threads) {
        this.device = device;
        this.driver = driver;
        this.use = use;
        this.guards = guards;
        this.notifiers = notifiers;
        this.threads = threads;
    }

    @Override
    public String name() {
        return device.path().toString();
    }

    @Override
    public String exportName() {
        return device.name();
    }

    @Override
    public boolean isKernels() {
        return true;
    }

    @Override
    public void makeReady() throws OperationException {
        List<String> obstacles = guards.obstaclesToSwap();
        if (!obstacles.isEmpty()) {
            throw new OperationException(
                    Refusal.UNPROTECTED,
                    name() + " is not initialised, because serving it could freeze the machine: "
                            + String.join("; also, ", obstacles));
        }
        boolean isLeftBehind = driver.isLeftBehind(device);
        if (driver.isAttached(device) && !isLeftBehind) {
            throw new OperationException(
                    Refusal.BUSY,
                    name() + " is in use by another NBD client or server; detach it there, or choose another device");
        }
        KernelDriver.Claim claim = claimed(() -> driver.claim(device));
        try {
            refuseIfUsed();
        } finally {
            claim.close();
        }
        if (isLeftBehind) {
            release();
        }
    }

    private void release() throws OperationException {
        try {
            driver.release(device);
        } catch (IOException e) {
            throw refused("freed of a daemon that has died", e);
        }
        LOG.warn("{} was still attached to a daemon that has died; it is free again", name());
    }

    @Override
    public void setConnections(OptionalInt count) {
        connections = count;
    }

    @Override
    public Attachment attach(SwapExport export) throws OperationException {
        try (Undo undo = new Undo()) {
            JoinableThreads serving = undo.with(new JoinableThreads(threads), JoinableThreads::join);
            KernelDriver.AttachedExport attached = undo.done(driver.attach(device, export, connections, serving));
            attached.complaints().forEach(LOG::warn);
            warnOfSession();
            return new Served(attached, serving, notifiers.start(device, export));
        } catch (IOException e) {
            throw refused("attached", e);
        }
    }

    private void warnOfSession() {
        if (!guards.session().held()) {
            LOG.warn(
                    "{}: {}; start it as a service: {}",
                    name(),
                    guards.session().problem(),
                    Session.CURE);
        }
    }

    /** While the kernel can reach the store. */
    private final class Served implements Attachment {
        private final KernelDriver.AttachedExport attached;
        private final JoinableThreads serving;
        private final Optional<SlotFreeNotifier> notifier;

        Served(KernelDriver.AttachedExport attached, JoinableThreads serving, Optional<SlotFreeNotifier> notifier) {
            this.attached = attached;
            this.serving = serving;
            this.notifier = notifier;
        }

        @Override
        public Permit reserve() throws OperationException {
            try (Undo undo = new Undo()) {
                KernelDriver.DetachClaim claim = undo.with(claimed(attached::claim), KernelDriver.DetachClaim::close);
                refuseIfUsed();
                return undo.done(new Permit() {
                    @Override
                    public void detach() throws OperationException {
                        Served.this.detach(claim);
                    }

                    @Override
                    public void close() {
                        claim.close();
                    }
                });
            }
        }

        private void detach(KernelDriver.DetachClaim claim) throws OperationException {
            try {
                claim.detach();
            } catch (IOException e) {
                throw refused("detached", e);
            }
            serving.join();
            notifier.ifPresent(SlotFreeNotifier::close);
        }

        @Override
        public void probe() throws OperationException {
            try {
                attached.probe();
            } catch (IOException e) {
                throw new OperationException(
                        Refusal.INTERNAL, name() + " is not served any more: " + e.getMessage(), e);
            }
        }

        @Override
        public Optional<SwapStatistics> swapStatistics() {
            OptionalLong used = usedBytes();
            NotifyStatistics figures =
                    notifier.map(SlotFreeNotifier::statistics).orElseGet(() -> NotifyStatistics.none(notifiers.mode()));
            return Optional.of(new SwapStatistics(used.isPresent(), used.orElse(0) / SharedMemory.PAGE_BYTES, figures));
        }

        private OptionalLong usedBytes() {
            try {
                return ActiveSwaps.in(use.proc()).usedBytes(name());
            } catch (IOException e) {
                // A kernel without swap has no such file.
                return OptionalLong.empty();
            }
        }
    }

    /** Opens a device for this process alone. */
    private interface Claiming<C extends KernelDriver.Claim> {
        C claim() throws IOException;
    }

    private <C extends KernelDriver.Claim> C claimed(Claiming<C> claiming) throws OperationException {
        try {
            return claiming.claim();
        } catch (KernelException e) {
            throw e.reason() == KernelException.Reason.BUSY ? inUse(userOr(e.getMessage())) : refused("opened", e);
        } catch (IOException e) {
            throw refused("opened", e);
        }
    }

    private void refuseIfUsed() throws OperationException {
        try {
            long began = System.nanoTime();
            Optional<BlockDeviceUse.User> user = use.find(device.path());
            while (user.isPresent() && millisSince(began) < user.get().patienceMillis()) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_BETWEEN_LOOKS_MILLIS);
                user = use.find(device.path());
            }
            if (user.isPresent()) {
                throw inUse(user.get().words());
            }
        } catch (IOException e) {
            throw new OperationException(
                    Refusal.INTERNAL, "finding out who uses " + name() + " failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationException(Refusal.INTERNAL, "finding out who uses " + name() + " was interrupted", e);
        }
    }

    private static long millisSince(long nanoTime) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
    }

    /** Who uses the device; or {@code otherwise}, when that cannot be seen. */
    private String userOr(String otherwise) {
        try {
            return use.find(device.path()).map(BlockDeviceUse.User::words).orElse(otherwise);
        } catch (IOException e) {
            return otherwise;
        }
    }

    private OperationException inUse(String by) {
        return new OperationException(Refusal.BUSY, name() + " is in use, nothing was changed: " + by);
    }

    private OperationException refused(String what, IOException cause) {
        Refusal code = cause instanceof KernelException refusal ? code(refusal.reason()) : Refusal.INTERNAL;
        return new OperationException(code, name() + " was not " + what + ": " + cause.getMessage(), cause);
    }

    private static Refusal code(KernelException.Reason reason) {
        return switch (reason) {
            case NO_DRIVER -> Refusal.NO_DRIVER;
            case BUSY -> Refusal.BUSY;
            case NOT_PERMITTED -> Refusal.NOT_PERMITTED;
            case FAILED -> Refusal.INTERNAL;
        };
    }

    /** Makes threads and can wait for their end. */
    static final class JoinableThreads implements ThreadFactory {
        private final ThreadFactory maker;
        private final List<Thread> threads = new ArrayList<>();

        JoinableThreads(ThreadFactory maker) {
            this.maker = maker;
        }

        @Override
        public synchronized Thread newThread(Runnable task) {
            Thread thread = maker.newThread(task);
            threads.add(thread);
            return thread;
        }

        /** Waits until all have ended; they have been told to. */
        synchronized void join() {
            threads.forEach(ThreadEnd::await);
        }
    }
}
