package io.ramzswap.attach.kernel;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.kernel.KernelDevice;
import io.ramzswap.nbd.kernel.KernelException;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** An nbd driver with the devices 0 to 3, which a test sets up. */
final class PlayedDriver implements KernelDriver {
    private static final int DEVICES = 4;

    private final CountDownLatch disconnected = new CountDownLatch(1);
    boolean loaded = true;
    boolean attachedByOthers;
    boolean leftBehind;
    boolean claimable = true;
    boolean attachable = true;
    boolean claimed;
    boolean attached;
    boolean answering = true;
    int probes;
    OptionalInt seenConnections = OptionalInt.empty();
    Thread serving;

    @Override
    public boolean isLoaded() {
        return loaded;
    }

    @Override
    public boolean exists(KernelDevice device) {
        return device.index() < DEVICES;
    }

    @Override
    public boolean isAttached(KernelDevice device) {
        return attached || attachedByOthers || leftBehind;
    }

    @Override
    public boolean isLeftBehind(KernelDevice device) {
        return leftBehind;
    }

    @Override
    public void release(KernelDevice device) throws IOException {
        if (claimed) {
            throw busy();
        }
        leftBehind = false;
    }

    @Override
    public AttachedExport attach(KernelDevice device, Export export, OptionalInt connections, ThreadFactory threads)
            throws IOException {
        seenConnections = connections;
        serving = threads.newThread(() -> {
            try {
                disconnected.await();
                // Long enough for a test to see it alive that did not wait.
                TimeUnit.MILLISECONDS.sleep(500);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        serving.start();
        if (!attachable) {
            disconnected.countDown();
            throw new KernelException(KernelException.Reason.NOT_PERMITTED, "needs CAP_SYS_ADMIN");
        }
        attached = true;
        return new AttachedExport() {
            @Override
            public DetachClaim claim() throws IOException {
                Claim claim = PlayedDriver.this.claim(device);
                return new DetachClaim() {
                    @Override
                    public void detach() throws IOException {
                        PlayedDriver.this.detach(claim);
                    }

                    @Override
                    public void close() {
                        claim.close();
                    }
                };
            }

            @Override
            public void probe() throws IOException {
                probes++;
                if (!answering) {
                    throw new IOException("the server ended the connection");
                }
            }
        };
    }

    private void detach(Claim claim) throws IOException {
        if (!claimed) {
            throw busy();
        }
        claim.close();
        attached = false;
        disconnected.countDown();
    }

    @Override
    public Claim claim(KernelDevice device) throws IOException {
        if (!claimable) {
            throw busy();
        }
        claimed = true;
        return () -> claimed = false;
    }

    private static KernelException busy() {
        return new KernelException(KernelException.Reason.BUSY, "in use as swap; run swapoff");
    }
}
