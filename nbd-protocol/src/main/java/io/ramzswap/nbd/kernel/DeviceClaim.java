package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.libc.Libc;

/** A device held open for one process alone, until it is closed. Not thread-safe. */
public final class DeviceClaim implements AutoCloseable {
    private final Libc libc;
    private final int fd;
    private boolean closed;

    DeviceClaim(Libc libc, int fd) {
        this.libc = libc;
        this.fd = fd;
    }

    int fd() {
        return fd;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            libc.close(fd);
        }
    }
}
