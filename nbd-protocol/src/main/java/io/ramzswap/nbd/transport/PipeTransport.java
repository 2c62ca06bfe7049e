package io.ramzswap.nbd.transport;

import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.Libc;
import java.nio.ByteBuffer;

/**
 * Two descriptors of any kind, one to read and one to write, as standard input and output of a server that a client
 * started. They are not closed: they belong to the process.
 *
 * <p>A pipe cannot be shut down by its own side, so a thread that waits in one looks once a second whether it should. It waits
 * nowhere else, where the descriptors are pipes or sockets: what they take at once is all that is written at a time. To anything
 * else, as a terminal, a write may take longer.
 */
public final class PipeTransport implements Transport {
    private static final long LOOK_EVERY_MILLIS = 1000;

    /** PIPE_BUF: a pipe that is ready for writing takes as many. */
    private static final int PIPE_BYTES = 4096;

    private final Libc libc;
    private final int readFd;
    private final int writeFd;
    private final BufferAddress readAddress = new BufferAddress();
    private final BufferAddress writeAddress = new BufferAddress();
    private final Deadline deadline;
    private final Deadline nextLook;
    private final int mostBytes;
    private final boolean toSocket;
    private volatile boolean ended;

    /** Over two descriptors, which may be the same. */
    public PipeTransport(int readFd, int writeFd) {
        this(Libc.system(), readFd, writeFd);
    }

    /** The same on another C library, for tests. */
    PipeTransport(Libc libc, int readFd, int writeFd) {
        this.libc = libc;
        deadline = new Deadline(libc);
        nextLook = new Deadline(libc);
        this.readFd = readFd;
        this.writeFd = writeFd;
        mostBytes = libc.fcntl(writeFd, Libc.F_GETPIPE_SZ, 0) > 0 ? PIPE_BYTES : Integer.MAX_VALUE;
        toSocket =
                libc.send(writeFd, 0, 0, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL) == 0 || libc.errno() != Errno.ENOTSOCK;
    }

    @Override
    public int read(ByteBuffer buffer, int position, int length) {
        final long target = readAddress.of(buffer) + position;
        while (await(readFd, Libc.POLLIN)) {
            final long count = libc.read(readFd, target, length);
            if (count > 0) {
                return (int) count;
            }
            if (count == 0 || !isWorthAnotherTry()) {
                return ENDED;
            }
        }
        return ENDED;
    }

    @Override
    public boolean write(ByteBuffer buffer, int position, int length) {
        final long source = writeAddress.of(buffer) + position;
        int sent = 0;
        while (sent < length) {
            if (!await(writeFd, Libc.POLLOUT)) {
                return false;
            }
            final long count = writeReady(source + sent, Math.min(length - sent, mostBytes));
            if (count >= 0) {
                sent += (int) count;
            } else if (!isWorthAnotherTry()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void deadlineAfter(long millis) {
        deadline.after(millis);
    }

    @Override
    public void shutdown() {
        ended = true;
    }

    @Override
    public void close() {
        ended = true;
    }

    private long writeReady(long source, int length) {
        return toSocket
                ? libc.send(writeFd, source, length, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL)
                : libc.write(writeFd, source, length);
    }

    private boolean await(int fd, short events) {
        while (!ended && !deadline.hasPassed()) {
            nextLook.after(LOOK_EVERY_MILLIS);
            nextLook.notAfter(deadline);
            if (nextLook.await(fd, events)) {
                return !ended;
            }
        }
        return false;
    }

    private boolean isWorthAnotherTry() {
        final int errno = libc.errno();
        return errno == Errno.EINTR || errno == Errno.EAGAIN;
    }
}
