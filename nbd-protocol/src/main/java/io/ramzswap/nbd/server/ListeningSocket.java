package io.ramzswap.nbd.server;

import static io.ramzswap.nbd.libc.Libc.LIBC;

import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import java.io.IOException;

/** A listening stream socket by its descriptor, which it owns. */
final class ListeningSocket implements AutoCloseable {
    private final int fd;
    private boolean accepting;
    private boolean closed;

    ListeningSocket(int fd) {
        this.fd = fd;
    }

    /** Waits for a client; see {@link Listener#accept}. */
    int accept() throws IOException {
        begin();
        int client;
        int errno;
        do {
            client = LIBC.accept4(fd, 0, 0, Libc.SOCK_CLOEXEC);
            errno = client < 0 ? Libc.lastErrno() : 0;
        } while (errno == Errno.EINTR || errno == Errno.ECONNABORTED);
        end(client);
        if (client < 0) {
            throw new LibcException("accept", errno);
        }
        return client;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (accepting) {
            // Wakes the accepting thread, which then closes: the number must not be reused while it waits there.
            LIBC.shutdown(fd, Libc.SHUT_RDWR);
        } else {
            LIBC.close(fd);
        }
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
            LIBC.close(fd);
            if (client >= 0) {
                LIBC.close(client);
            }
            throw new IOException("accept: the listener is closed");
        }
    }
}
