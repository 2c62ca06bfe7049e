package io.ramzswap.libc;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/**
 * System calls on files and block devices, with memory passed by address, so that a call allocates nothing. Every call
 * answers -1 on an error, told by {@link #errno} in the same thread.
 *
 * <p>Source: the Linux manual pages, section 2. Constants are those of Linux on x86-64 and AArch64 where they agree.
 */
@SuppressWarnings({"checkstyle:MissingJavadocMethod", "checkstyle:MethodName"})
public interface DiskCalls {
    /** The one instance. Loading it takes a moment the first time. */
    DiskCalls SYSTEM = LibraryLoader.create(DiskCalls.class).load("c");

    int O_RDWR = 2;
    int O_EXCL = 0x80;
    int O_NONBLOCK = 0x800;
    int O_CLOEXEC = 0x80000;
    int SEEK_END = 2;
    int SEEK_HOLE = 4;
    int LOCK_EX = 2;
    int LOCK_NB = 4;
    /** Whether a block device is read-only, as an int. */
    int BLKROGET = 0x125e;

    int AT_EMPTY_PATH = 0x1000;
    int STATX_BASIC_STATS = 0x7ff;

    /** {@code sizeof(struct statx)}. */
    int STATX_LENGTH = 256;

    int open(String path, int flags, int mode);

    int close(int fd);

    long pread(int fd, long buffer, long length, long offset);

    long pwrite(int fd, long buffer, long length, long offset);

    long lseek(int fd, long offset, int whence);

    int statx(int directory, String path, int flags, int mask, long buffer);

    int flock(int fd, int operation);

    int ioctl(int fd, long request, long argument);

    String strerror(int errno);

    /** {@code O_DIRECT}, which is not the same number everywhere. */
    static int directFlag() {
        return System.getProperty("os.arch").equals("aarch64") ? 0x10000 : 0x4000;
    }

    /** Why the last call in this thread failed. */
    static int errno() {
        return Runtime.getSystemRuntime().getLastError();
    }
}
