package io.ramzswap.allocator.libc;

import java.nio.ByteBuffer;

/**
 * The calls of the C library that this module makes, by their own names and on plain numbers, so that no call allocates heap
 * memory. Every call returns -1 on an error and leaves the reason in {@link #errno} of the same thread.
 *
 * <p>An interface, so that tests can play a host that has no memory; {@link #system} is the real one. Source: the Linux manual
 * pages, sections 2 and 3. Constants are those of Linux on x86-64 and AArch64.
 */
@SuppressWarnings({"checkstyle:MissingJavadocMethod", "checkstyle:MethodName"})
public interface Libc {
    int O_RDWR = 2;
    int O_CLOEXEC = 0x80000;
    int SEEK_END = 2;
    int FALLOC_FL_KEEP_SIZE = 1;
    int FALLOC_FL_PUNCH_HOLE = 2;
    int MFD_CLOEXEC = 1;
    /** The file can never be executed (Linux 6.3). */
    int MFD_NOEXEC_SEAL = 8;

    int PROT_READ = 1;
    int PROT_WRITE = 2;
    int MAP_SHARED = 1;
    /** No swap is set aside for the mapping. */
    int MAP_NORESERVE = 0x4000;
    /** Faults all pages in, writable (Linux 5.14). */
    int MADV_POPULATE_WRITE = 23;

    int SC_PAGESIZE = 30;
    long SYS_MMAP = System.getProperty("os.arch").equals("aarch64") ? 222 : 9;

    /** The C library of this process. */
    static Libc system() {
        return NativeLibc.LIBC;
    }

    int open(String path, int flags, int mode);

    int close(int fd);

    long lseek(int fd, long offset, int whence);

    int ftruncate(int fd, long length);

    int fallocate(int fd, int mode, long offset, long length);

    int memfd_create(String name, int flags);

    /** mmap(2). By its number, for the reason that {@link #syscall} gives. */
    default long mmap(long address, long length, int protection, int flags, int fd, long offset) {
        return syscall(SYS_MMAP, address, length, protection, flags, fd, offset);
    }

    int munmap(long address, long length);

    int madvise(long address, long length, int advice);

    long sysconf(int name);

    /**
     * Any system call, with all six arguments that one can have. Functions of just six plain numbers, as mmap(2), cannot be
     * declared here: jnr-ffi passes them a wrong sixth (jnr/jnr-ffi#181, as of jffi 1.4.3); seven are passed as they are.
     */
    long syscall(
            long number,
            long argument1,
            long argument2,
            long argument3,
            long argument4,
            long argument5,
            long argument6);

    /** The reason why the last call in this thread failed. */
    default int errno() {
        return NativeLibc.lastError();
    }

    /** Memory at an address, for as long as it is mapped: using it after munmap crashes the process. */
    static ByteBuffer memory(long address, int length) {
        return NativeLibc.memory(address, length);
    }
}
