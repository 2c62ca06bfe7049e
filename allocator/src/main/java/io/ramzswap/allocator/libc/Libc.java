package io.ramzswap.allocator.libc;

import java.nio.ByteBuffer;

/**
 * What the allocators need of the C library, on plain numbers so that no call allocates heap memory.
 *
 * <p>Results are as in C: -1 means failure, and {@link #errno} tells the calling thread why.
 */
public interface Libc {
    /** {@code MADV_POPULATE_WRITE}: fault all pages in, writable (Linux 5.14). */
    int MADV_POPULATE_WRITE = 23;

    /** {@code O_RDWR | O_CLOEXEC}. */
    int O_RDWR_CLOEXEC = 0x80002;

    /** The C library of this process. */
    static Libc system() {
        return NativeLibc.INSTANCE;
    }

    /** Creates an anonymous file in memory, closed on exec and never executable where the kernel can promise that. */
    int memfdCreate(String name);

    /** open(2). */
    int open(String path, int flags);

    /** The size of an open file in bytes. */
    long fileBytes(int fd);

    /** ftruncate(2). */
    int ftruncate(int fd, long bytes);

    /** Maps a file shared, readable and writable, without reserving swap for it. Returns the address, or -1. */
    long mapShared(int fd, long bytes);

    /** munmap(2). */
    int munmap(long address, long bytes);

    /** madvise(2). */
    int madvise(long address, long bytes, int advice);

    /** fallocate(2) with {@code FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE}: frees the pages, keeps the file's size. */
    int punchHole(int fd, long offset, long bytes);

    /** close(2). */
    int close(int fd);

    /** The kernel's page size in bytes. */
    long pageBytes();

    /** The errno of this thread's last failed call. */
    int errno();

    /** A direct buffer over mapped memory. It keeps nothing mapped: using it after munmap crashes the process. */
    ByteBuffer buffer(long address, int bytes);
}
