package io.ramzswap.allocator.arena;

import io.ramzswap.allocator.libc.Libc;

/** The system's C library; tests override what is to behave otherwise. */
@SuppressWarnings("checkstyle:MethodName")
class ForwardingLibc implements Libc {
    private final Libc system = Libc.system();
    private volatile int errno;

    /** Fails a call with this errno, as far as errno() tells. */
    int failWith(int error) {
        errno = error;
        return -1;
    }

    @Override
    public int open(String path, int flags, int mode) {
        return system.open(path, flags, mode);
    }

    @Override
    public int close(int fd) {
        return system.close(fd);
    }

    @Override
    public long lseek(int fd, long offset, int whence) {
        return system.lseek(fd, offset, whence);
    }

    @Override
    public int ftruncate(int fd, long length) {
        return system.ftruncate(fd, length);
    }

    @Override
    public int fallocate(int fd, int mode, long offset, long length) {
        return system.fallocate(fd, mode, offset, length);
    }

    @Override
    public int memfd_create(String name, int flags) {
        return system.memfd_create(name, flags);
    }

    @Override
    public int munmap(long address, long length) {
        return system.munmap(address, length);
    }

    @Override
    public int madvise(long address, long length, int advice) {
        return system.madvise(address, length, advice);
    }

    @Override
    public long sysconf(int name) {
        return system.sysconf(name);
    }

    @Override
    public long syscall(
            long number,
            long argument1,
            long argument2,
            long argument3,
            long argument4,
            long argument5,
            long argument6) {
        return system.syscall(number, argument1, argument2, argument3, argument4, argument5, argument6);
    }

    @Override
    public int errno() {
        return errno != 0 ? errno : system.errno();
    }
}
