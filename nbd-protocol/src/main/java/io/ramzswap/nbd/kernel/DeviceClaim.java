package io.ramzswap.nbd.kernel;

import static io.ramzswap.nbd.libc.Libc.LIBC;

/** A device held open for one process alone, until it is closed. Not thread-safe. */
public final class DeviceClaim implements AutoCloseable {
    private final int fd;
    private boolean closed;

    DeviceClaim(int fd) {
        this.fd = fd;
    }

    int fd() {
        return fd;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LIBC.close(fd);
        }
    }
}
