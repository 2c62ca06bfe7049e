package io.ramzswap.nbd.server;

import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import java.io.IOException;

/** A listening stream socket by its descriptor, which it owns. */
class ListeningSocket implements AutoCloseable {
    private static final int NONE = -1;

    final Libc libc;
    final int fd;
    private boolean accepting;
    private boolean closed;

    ListeningSocket(Libc libc, int fd) {
        this.libc = libc;
        this.fd = fd;
    }

    /** Waits for a client; see {@link Listener#accept}. */
    final int accept() throws IOException {
        begin();
        int client;
        int errno;
        do {
            client = await() ? libc.accept4(fd, 0, 0, Libc.SOCK_CLOEXEC) : NONE;
            errno = client < 0 ? libc.errno() : 0;
        } while (client < 0 && isWorthAnotherTry(errno) && !isClosed());
        end(client);
        if (client < 0) {
            throw new LibcException("accept", errno);
        }
        return client;
    }

    @Override
    public final synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (accepting) {
            // The accepting thread then closes: the number must not be reused while it waits there.
            wake();
        } else {
            release();
        }
    }

    /** Waits until somebody may be there, or {@link #wake}; false when it is not worth looking. */
    boolean await() {
        return true;
    }

    /** Wakes the accepting thread, once and for all. */
    void wake() {
        libc.shutdown(fd, Libc.SHUT_RDWR);
    }

    /** Gives back what is held. */
    void release() {
        libc.close(fd);
    }

    private static boolean isWorthAnotherTry(int errno) {
        return errno == Errno.EINTR || errno == Errno.ECONNABORTED || errno == Errno.EAGAIN;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void begin() throws IOException {
        if (closed) {
            throw new IOException("accept: the listener is closed");
        }
        accepting = true;
    }

    private synchronized void end(int client) throws IOException {
        accepting = false;
        if (closed) {
            release();
            if (client >= 0) {
                libc.close(client);
            }
            throw new IOException("accept: the listener is closed");
        }
    }
}
