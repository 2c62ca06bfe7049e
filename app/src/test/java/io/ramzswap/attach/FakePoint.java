package io.ramzswap.attach;

import io.ramzswap.device.SwapExport;
import io.ramzswap.notify.SwapStatistics;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A place for a device that does as a test tells it. */
public final class FakePoint implements AttachmentPoint {
    private final String name;
    private boolean kernels;
    private boolean ready = true;
    private boolean attachable = true;
    private boolean detachable = true;
    private boolean used;
    private volatile Optional<SwapStatistics> swap = Optional.empty();
    private volatile Error ofAttaching;
    private boolean reserved;
    private volatile boolean answering = true;
    private final AtomicInteger probes = new AtomicInteger();
    private volatile SwapExport attached;
    private volatile Thread attacher;
    private volatile Error ofNextProbe;
    private OptionalInt connections = OptionalInt.empty();

    /** Called {@code name}. */
    public FakePoint(String name) {
        this.name = name;
    }

    /** Whether it is the kernel's. */
    public FakePoint kernels(boolean is) {
        kernels = is;
        return this;
    }

    /** Whether {@link #makeReady} agrees. */
    public FakePoint ready(boolean is) {
        ready = is;
        return this;
    }

    /** Whether {@link #attach} works. */
    public FakePoint attachable(boolean is) {
        attachable = is;
        return this;
    }

    /** What {@link #attach} throws from now on. */
    public FakePoint meeting(Error what) {
        ofAttaching = what;
        return this;
    }

    /** What the kernel says of it. */
    public FakePoint saying(SwapStatistics what) {
        swap = Optional.of(what);
        return this;
    }

    /** Whether {@link Attachment.Permit#detach} works. */
    public FakePoint detachable(boolean is) {
        detachable = is;
        return this;
    }

    /** Whether somebody uses it. */
    public FakePoint used(boolean is) {
        used = is;
        return this;
    }

    /** Whether {@link Attachment#probe} is answered without error. */
    public FakePoint answering(boolean is) {
        answering = is;
        return this;
    }

    /** What the next {@link Attachment#probe} throws. */
    public FakePoint throwing(Error next) {
        ofNextProbe = next;
        return this;
    }

    /** How often it was probed. */
    public int probes() {
        return probes.get();
    }

    /** Returns once it was probed so often. */
    public void awaitProbes(int count) throws InterruptedException {
        while (probes.get() < count) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /** Whether a store can be reached through it. */
    public boolean isAttached() {
        return attached != null;
    }

    /** The thread that attached something, once one has. */
    public Thread awaitAttacher() throws InterruptedException {
        while (attacher == null) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        return attacher;
    }

    /** Whether newcomers are kept away. */
    public boolean isReserved() {
        return reserved;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String exportName() {
        return "export of " + name;
    }

    @Override
    public boolean isKernels() {
        return kernels;
    }

    @Override
    public void makeReady() throws OperationException {
        if (!ready) {
            throw new OperationException(Refusal.UNPROTECTED, name + " is not ready");
        }
    }

    /** What {@link #setConnections} said last. */
    public OptionalInt connections() {
        return connections;
    }

    @Override
    public void setConnections(OptionalInt count) {
        connections = count;
    }

    @Override
    public Attachment attach(SwapExport export) throws OperationException {
        if (!attachable) {
            throw new OperationException(Refusal.INTERNAL, name + " cannot be attached");
        }
        if (ofAttaching != null) {
            throw ofAttaching;
        }
        attached = export;
        attacher = Thread.currentThread();
        return new Attachment() {
            @Override
            public Permit reserve() throws OperationException {
                return FakePoint.this.reserve();
            }

            @Override
            public Optional<SwapStatistics> swapStatistics() {
                return swap;
            }

            @Override
            public void probe() throws OperationException {
                probes.incrementAndGet();
                Error thrown = ofNextProbe;
                ofNextProbe = null;
                if (thrown != null) {
                    throw thrown;
                }
                if (!answering) {
                    throw new OperationException(Refusal.INTERNAL, name + " does not answer");
                }
            }
        };
    }

    private Attachment.Permit reserve() throws OperationException {
        if (used) {
            throw new OperationException(Refusal.BUSY, name + " is in use, nothing was changed: it is active swap");
        }
        reserved = true;
        return new Attachment.Permit() {
            @Override
            public void detach() throws OperationException {
                if (!detachable) {
                    throw new OperationException(Refusal.INTERNAL, name + " cannot be detached");
                }
                attached = null;
            }

            @Override
            public void close() {
                reserved = false;
            }
        };
    }
}
