package io.ramzswap.nbd.server;

import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A lock between processes on a directory: leaves no file behind and goes with its process. */
final class DirectoryLock implements AutoCloseable {
    private static final int TRIES = 50;
    private static final long PAUSE_NANOS = 100_000_000;

    private final Libc libc;
    private final int fd;

    private DirectoryLock(Libc libc, int fd) {
        this.libc = libc;
        this.fd = fd;
    }

    /**
     * Takes the lock, waiting a few seconds if need be.
     *
     * @throws IOException when the directory cannot be opened, or stays locked
     */
    static DirectoryLock of(Libc libc, Path directory) throws IOException {
        final int fd = libc.open(directory.toString(), Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (fd < 0) {
            throw LibcException.of(libc, "cannot open directory " + directory);
        }
        try (Undo undo = new Undo()) {
            undo.with(fd, libc::close);
            final int errno = lock(libc, fd);
            if (errno != 0) {
                throw new LibcException("cannot lock directory " + directory, errno);
            }
            return undo.done(new DirectoryLock(libc, fd));
        }
    }

    @Override
    public void close() {
        libc.close(fd);
    }

    private static int lock(Libc libc, int fd) {
        int errno = 0;
        for (int i = 0; i < TRIES; i++) {
            if (libc.flock(fd, Libc.LOCK_EX | Libc.LOCK_NB) == 0) {
                return 0;
            }
            errno = libc.errno();
            if (errno != Errno.EAGAIN && errno != Errno.EINTR) {
                return errno;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return errno;
    }
}
