package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadFactory;

/**
 * Attaching by ioctls. One thread makes all the calls, as the driver demands of those that hand over sockets, and then
 * stays in DO_IT until the device is detached. Source: linux/nbd.h.
 */
final class IoctlWay implements AttachWay {
    private static final int SET_SOCK = 0xab00;
    private static final int SET_BLKSIZE = 0xab01;
    private static final int DO_IT = 0xab03;
    private static final int CLEAR_SOCK = 0xab04;
    private static final int SET_SIZE_BLOCKS = 0xab07;
    private static final int DISCONNECT = 0xab08;
    private static final int SET_TIMEOUT = 0xab09;
    private static final int SET_FLAGS = 0xab0a;

    private static final int SIGNAL_SET_BYTES = 128;
    /** Faults of the thread itself, by number less one: ILL 4, TRAP 5, BUS 7, FPE 8, SEGV 11. */
    private static final long SYNCHRONOUS_SIGNALS = 1L << 3 | 1L << 4 | 1L << 6 | 1L << 7 | 1L << 10;

    private static final int NONE = -1;

    private final Libc libc;
    private final ThreadFactory threads;
    private final int timeoutSeconds;
    private volatile String failure = "";
    private volatile int heldFd = NONE;

    IoctlWay(Libc libc, ThreadFactory threads, KernelOptions options) {
        this.libc = libc;
        this.threads = threads;
        timeoutSeconds = options.timeoutSeconds();
    }

    @Override
    public void connect(KernelDevice device, AttachWay.Geometry geometry, List<Integer> sockets) throws IOException {
        final CompletableFuture<Void> prepared = new CompletableFuture<>();
        threads.newThread(() -> holdDevice(device, geometry, sockets, prepared)).start();
        try {
            prepared.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException refusal) {
                throw refusal;
            }
            throw e;
        }
    }

    @Override
    public boolean isConnected() {
        return heldFd != NONE;
    }

    @Override
    public String failure() {
        return failure;
    }

    @Override
    public void disconnect(KernelDevice device, DeviceClaim claim) throws IOException {
        if (libc.ioctl(claim.fd(), DISCONNECT, 0) < 0) {
            throw LibcException.of(libc, "cannot detach " + device + ": NBD_DISCONNECT");
        }
    }

    @Override
    public void abandon(KernelDevice device) throws IOException {
        if (libc.ioctl(heldFd, DISCONNECT, 0) < 0) {
            throw LibcException.of(libc, "cannot abandon " + device + ": NBD_DISCONNECT");
        }
    }

    @Override
    public void close() {
        // The thread in DO_IT holds all there is, and gives it back when the kernel lets go.
    }

    private void holdDevice(
            KernelDevice device, AttachWay.Geometry geometry, List<Integer> sockets, CompletableFuture<Void> prepared) {
        int fd = NONE;
        try {
            fd = open(device);
            prepare(fd, device, geometry, sockets);
            blockSignals();
        } catch (Throwable e) {
            // Whatever it is, somebody waits for it.
            if (fd != NONE) {
                libc.close(fd);
            }
            prepared.completeExceptionally(e);
            return;
        }
        heldFd = fd;
        prepared.complete(null);
        if (libc.ioctl(fd, DO_IT, 0) < 0) {
            failure = LibcException.of(libc, "NBD_DO_IT").getMessage();
        } else {
            failure = "it was detached";
        }
        heldFd = NONE;
        libc.ioctl(fd, CLEAR_SOCK, 0);
        libc.close(fd);
    }

    private int open(KernelDevice device) throws IOException {
        final int fd = libc.open(device.path().toString(), Libc.O_RDWR | Libc.O_CLOEXEC, 0);
        if (fd < 0) {
            throw cannotOpen(device, libc.errno());
        }
        return fd;
    }

    private void prepare(int fd, KernelDevice device, AttachWay.Geometry geometry, List<Integer> sockets)
            throws IOException {
        for (int socket : sockets) {
            call(fd, SET_SOCK, socket, device);
        }
        call(fd, SET_BLKSIZE, geometry.blockSizeBytes(), device);
        call(fd, SET_SIZE_BLOCKS, geometry.sizeBytes() / geometry.blockSizeBytes(), device);
        call(fd, SET_FLAGS, geometry.transmissionFlags(), device);
        call(fd, SET_TIMEOUT, timeoutSeconds, device);
    }

    private void call(int fd, int request, long argument, KernelDevice device) throws IOException {
        if (libc.ioctl(fd, request, argument) < 0) {
            final int errno = libc.errno();
            if (request != SET_SOCK) {
                // A device that is refused half-way must not keep our sockets.
                libc.ioctl(fd, CLEAR_SOCK, 0);
            }
            throw switch (errno) {
                case Errno.EPERM -> Refusal.notPermitted("attach", device);
                case Errno.EBUSY -> Refusal.attached(device);
                default ->
                    new LibcException("cannot attach " + device + ": ioctl " + Integer.toHexString(request), errno);
            };
        }
    }

    private static IOException cannotOpen(KernelDevice device, int errno) {
        return switch (errno) {
            case Errno.ENOENT, Errno.ENXIO, Errno.ENODEV ->
                new KernelException(
                        KernelException.Reason.FAILED,
                        "there is no " + device
                                + ": load the driver with more devices (modprobe nbd max_part=0 nbds_max=N)");
            case Errno.EACCES, Errno.EPERM -> Refusal.notPermitted("open", device);
            default -> new LibcException("cannot open " + device, errno);
        };
    }

    /** A signal that this thread received would end DO_IT and take the device down with everything that uses it. */
    private void blockSignals() {
        final ByteBuffer set = ByteBuffer.allocateDirect(SIGNAL_SET_BYTES).order(ByteOrder.nativeOrder());
        set.putLong(0, ~SYNCHRONOUS_SIGNALS);
        try {
            libc.pthread_sigmask(Libc.SIG_BLOCK, Libc.address(set), 0);
        } finally {
            Reference.reachabilityFence(set);
        }
    }
}
