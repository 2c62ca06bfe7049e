package io.ramzswap.libc;

import jnr.ffi.LibraryLoader;

/**
 * The system calls of the slot-free notifier. Every call answers -1 on an error. Source: the Linux manual pages, section 2.
 * Constants and system call numbers are those of Linux on x86-64 and AArch64.
 */
@SuppressWarnings("checkstyle:MissingJavadocMethod")
public interface TraceCalls {
    int O_RDONLY = 0;
    int O_NONBLOCK = 0x800;
    int O_CLOEXEC = 0x80000;
    short POLLIN = 1;
    int MADV_PAGEOUT = 21;
    long SYS_PIDFD_OPEN = 434;
    long SYS_PROCESS_MADVISE = 440;

    int open(String path, int flags, int mode);

    long read(int fd, long address, long length);

    int close(int fd);

    int poll(long pollFds, long count, int timeoutMillis);

    int mount(String source, String target, String type, long flags, long data);

    /**
     * Any system call, with all six arguments that one can have: given fewer, the call stub that jnr-ffi compiles for six
     * parameters hands over a wrong last one.
     */
    long syscall(
            long number,
            long argument1,
            long argument2,
            long argument3,
            long argument4,
            long argument5,
            long argument6);

    /** The calls of this process's C library. */
    static TraceCalls ofThisProcess() {
        return Loaded.CALLS;
    }

    /** Loaded when first asked for. */
    final class Loaded {
        private static final TraceCalls CALLS =
                LibraryLoader.create(TraceCalls.class).load("c");

        private Loaded() {}
    }
}
