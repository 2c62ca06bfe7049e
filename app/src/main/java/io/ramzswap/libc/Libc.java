package io.ramzswap.libc;

import java.nio.ByteBuffer;

/**
 * The calls of the C library that this module makes, by their own names, with memory passed by address, so that a call
 * allocates nothing. The memory must stay reachable until the call returns. Every call returns -1 on an error and leaves the
 * reason in {@link #errno} of the same thread; those of pthread return the error itself.
 *
 * <p>An interface, so that tests can play a host that forbids something; {@link #system} is the real one. Source: the Linux
 * manual pages, sections 2 and 3. Constants are those of Linux on x86-64 and AArch64.
 */
@SuppressWarnings({"checkstyle:MissingJavadocMethod", "checkstyle:MethodName"})
public interface Libc {
    int O_RDONLY = 0;
    int O_RDWR = 2;
    int O_EXCL = 0x80;
    int O_NONBLOCK = 0x800;
    int O_CLOEXEC = 0x80000;
    int O_DIRECT = System.getProperty("os.arch").equals("aarch64") ? 0x10000 : 0x4000;
    int SEEK_END = 2;
    int SEEK_HOLE = 4;
    int LOCK_EX = 2;
    int LOCK_NB = 4;
    int F_SETFD = 2;
    int FD_CLOEXEC = 1;
    int AT_EMPTY_PATH = 0x1000;
    int STATX_BASIC_STATS = 0x7ff;
    /** {@code sizeof(struct statx)}. */
    int STATX_LENGTH = 256;
    /** Whether a block device is read-only, as an int. */
    int BLKROGET = 0x125e;

    short POLLIN = 1;

    int PROT_READ = 1;
    int PROT_WRITE = 2;
    int PROT_EXEC = 4;
    int MAP_PRIVATE = 2;
    int MAP_ANONYMOUS = 0x20;
    int MADV_PAGEOUT = 21;
    int MCL_CURRENT = 1;
    int MCL_FUTURE = 2;
    int MCL_ONFAULT = 4;

    int SCHED_RR = 2;
    int SCHED_RESET_ON_FORK = 0x40000000;
    int PR_SET_IO_FLUSHER = 57;
    int PR_GET_IO_FLUSHER = 58;
    int RLIMIT_CPU = 0;
    int RLIMIT_MEMLOCK = 8;
    int RLIMIT_RTTIME = 15;
    long RLIM_INFINITY = -1;
    int SIG_SETMASK = 2;
    int SFD_CLOEXEC = 0x80000;

    long SYS_RT_SIGPROCMASK = System.getProperty("os.arch").equals("aarch64") ? 135 : 14;
    long SYS_PIDFD_OPEN = 434;
    long SYS_PROCESS_MADVISE = 440;
    long SYS_MEMFD_SECRET = 447;

    /** The C library of this process. Loading it takes a fifth of a second the first time. */
    static Libc system() {
        return NativeLibc.LIBC;
    }

    int open(String path, int flags, int mode);

    int close(int fd);

    long read(int fd, long address, long length);

    long pread(int fd, long address, long length, long offset);

    long pwrite(int fd, long address, long length, long offset);

    long lseek(int fd, long offset, int whence);

    int statx(int directory, String path, int flags, int mask, long address);

    int flock(int fd, int operation);

    int ioctl(int fd, long request, long argument);

    int fcntl(int fd, int command, long argument);

    int poll(long pollFds, long count, int timeoutMillis);

    int mount(String source, String target, String type, long flags, long data);

    int mlock(long address, long length);

    int mlockall(int flags);

    int munlockall();

    int mprotect(long address, long length, int protection);

    void explicit_bzero(long address, long length);

    int prctl(int option, long argument2, long argument3, long argument4, long argument5);

    int sched_setscheduler(int pid, int policy, long parameter);

    int getrlimit(int resource, long limitAddress);

    int setrlimit(int resource, long limitAddress);

    int execve(String path, long argumentsAddress, long environmentAddress);

    int sigaction(int signal, long actionAddress, long oldActionAddress);

    int signalfd(int fd, long maskAddress, int flags);

    long pthread_self();

    int pthread_getattr_np(long thread, long attributesAddress);

    int pthread_attr_getstack(long attributesAddress, long stackAddress, long stackSizeAddress);

    int pthread_attr_destroy(long attributesAddress);

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

    String strerror(int errno);

    /** The reason why the last call in this thread failed. */
    default int errno() {
        return NativeLibc.lastError();
    }

    /** The reason why the last call in this thread failed, in words. */
    default String lastError() {
        return strerror(errno());
    }

    /** The address of a direct buffer's first byte, whatever its position. Valid for as long as the buffer is reachable. */
    static long address(ByteBuffer direct) {
        return NativeLibc.address(direct);
    }

    /** Memory at an address, for as long as it is mapped. */
    static ByteBuffer memory(long address, int length) {
        return NativeLibc.memory(address, length);
    }

    /**
     * The address of a function of the C library.
     *
     * @throws UnsatisfiedLinkError if it has no such function
     */
    static long function(String name) {
        return NativeLibc.function(name);
    }
}
