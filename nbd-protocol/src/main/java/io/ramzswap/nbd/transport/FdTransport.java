package io.ramzswap.nbd.transport;

import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.Libc;
import java.nio.ByteBuffer;

/** A connected stream socket, Unix or TCP, by its descriptor, which it owns. */
public final class FdTransport implements Transport {
    private final Libc libc;
    private final int fd;
    private final Deadline deadline;
    private final Object closing = new Object();
    private final Spin spin;
    private final BufferAddress receiveAddress = new BufferAddress();
    private final BufferAddress sendAddress = new BufferAddress();
    private Wakefulness wakefulness;
    private boolean closed;

    /** Takes over a connected stream socket. Who reads and finds nothing sleeps at once. */
    public FdTransport(int fd) {
        this(Libc.system(), fd);
    }

    /** The same on another C library, for tests. */
    FdTransport(Libc libc, int fd) {
        this(libc, fd, Spin.never());
    }

    private FdTransport(Libc libc, int fd, Spin spin) {
        this.libc = libc;
        deadline = new Deadline(libc);
        this.fd = fd;
        this.spin = spin;
        wakefulness = new Wakefulness(libc, fd, CpuLatency.ANY);
    }

    /** The same; but who reads and finds nothing looks again for a short time, where that pays, before it sleeps. */
    public static FdTransport watchful(Libc libc, int fd) {
        return new FdTransport(libc, fd, Spin.whereItPays());
    }

    @Override
    public int read(ByteBuffer buffer, int position, int length) {
        final long target = receiveAddress.of(buffer) + position;
        final long start = wakefulness.isOfUse() ? System.nanoTime() : 0;
        int count = deadline.isSet() ? 0 : lookFor(target, length);
        if (count <= 0) {
            count = sleepFor(target, length);
        }
        if (count > 0 && wakefulness.isOfUse()) {
            wakefulness.waited(System.nanoTime() - start);
        }
        return count;
    }

    /** What comes, or {@link #ENDED}. */
    private int sleepFor(long target, int length) {
        while (!deadline.isSet() || deadline.await(fd, Libc.POLLIN)) {
            final long count = libc.recv(fd, target, length, 0);
            if (count > 0) {
                return (int) count;
            }
            if (count == 0 || !isWorthAnotherTry()) {
                return ENDED;
            }
            wakefulness.fallSilent();
        }
        return ENDED;
    }

    /** What has come, or comes while it is worth looking for; 0 or less when nothing has. */
    private int lookFor(long target, int length) {
        if (!spin.begin()) {
            return 0;
        }
        long count = libc.recv(fd, target, length, Libc.MSG_DONTWAIT);
        if (count < 0 && isWorthAnotherTry()) {
            final long start = System.nanoTime();
            final long nanos = spin.nanos();
            long elapsed;
            do {
                count = libc.recv(fd, target, length, Libc.MSG_DONTWAIT);
                elapsed = System.nanoTime() - start;
            } while (count < 0 && isWorthAnotherTry() && elapsed < nanos);
            spin.learn(count > 0, elapsed);
        }
        spin.end();
        return (int) count;
    }

    @Override
    public boolean write(ByteBuffer buffer, int position, int length) {
        final long source = sendAddress.of(buffer) + position;
        int sent = 0;
        while (sent < length) {
            if (deadline.isSet() && !deadline.await(fd, Libc.POLLOUT)) {
                return false;
            }
            // MSG_NOSIGNAL: a client that is gone is an answer, not a signal.
            final int flags = Libc.MSG_NOSIGNAL | (deadline.isSet() ? Libc.MSG_DONTWAIT : 0);
            final long count = libc.send(fd, source + sent, length - sent, flags);
            if (count >= 0) {
                sent += (int) count;
            } else if (!isWorthAnotherTry()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void keepAwake(CpuLatency latency) {
        wakefulness.fallSilent();
        wakefulness = new Wakefulness(libc, fd, latency);
    }

    @Override
    public void deadlineAfter(long millis) {
        deadline.after(millis);
    }

    @Override
    public void shutdown() {
        // The lock keeps the number from being closed, and given to somebody else, under our feet.
        synchronized (closing) {
            if (!closed) {
                libc.shutdown(fd, Libc.SHUT_RDWR);
            }
        }
    }

    @Override
    public void close() {
        synchronized (closing) {
            if (!closed) {
                wakefulness.fallSilent();
                closed = true;
                libc.close(fd);
            }
        }
    }

    private boolean isWorthAnotherTry() {
        final int errno = libc.errno();
        return errno == Errno.EINTR || errno == Errno.EAGAIN;
    }
}
