package io.ramzswap.allocator.arena;

import io.ramzswap.allocator.libc.Libc;
import java.nio.ByteBuffer;

/** The system's C library; tests override what is to behave otherwise. */
class ForwardingLibc implements Libc {
    private final Libc system = Libc.system();
    private volatile int errno;

    /** Fails a call with this errno, as far as errno() tells. */
    int failWith(int error) {
        errno = error;
        return -1;
    }

    @Override
    public int memfdCreate(String name) {
        return system.memfdCreate(name);
    }

    @Override
    public int open(String path, int flags) {
        return system.open(path, flags);
    }

    @Override
    public long fileBytes(int fd) {
        return system.fileBytes(fd);
    }

    @Override
    public int ftruncate(int fd, long bytes) {
        return system.ftruncate(fd, bytes);
    }

    @Override
    public long mapShared(int fd, long bytes) {
        return system.mapShared(fd, bytes);
    }

    @Override
    public int munmap(long address, long bytes) {
        return system.munmap(address, bytes);
    }

    @Override
    public int madvise(long address, long bytes, int advice) {
        return system.madvise(address, bytes, advice);
    }

    @Override
    public int punchHole(int fd, long offset, long bytes) {
        return system.punchHole(fd, offset, bytes);
    }

    @Override
    public int close(int fd) {
        return system.close(fd);
    }

    @Override
    public long pageBytes() {
        return system.pageBytes();
    }

    @Override
    public int errno() {
        return errno != 0 ? errno : system.errno();
    }

    @Override
    public ByteBuffer buffer(long address, int bytes) {
        return system.buffer(address, bytes);
    }
}
