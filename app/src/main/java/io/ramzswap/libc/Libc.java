package io.ramzswap.libc;

import jnr.ffi.Runtime;

/**
 * System calls by their own names, with memory passed by address. Every call answers -1 on an error, told by {@link #errno}
 * in the same thread; those of pthread answer the error itself.
 *
 * <p>An interface, so that tests can play a host that forbids something. {@link NativeLibc} is the real one. Source: the Linux manual pages, sections 2 and 3. Constants are those of Linux on x86-64 and AArch64.
 */
@SuppressWarnings({"checkstyle:MissingJavadocMethod", "checkstyle:MethodName"})
public interface Libc {
    int SCHED_RR = 2;
    int SCHED_RESET_ON_FORK = 0x40000000;
    int PR_SET_IO_FLUSHER = 57;
    int PR_GET_IO_FLUSHER = 58;
    int MCL_CURRENT = 1;
    int MCL_FUTURE = 2;
    int MCL_ONFAULT = 4;
    int RLIMIT_MEMLOCK = 8;
    long RLIM_INFINITY = -1;
    int RLIMIT_CPU = 0;
    int RLIMIT_RTTIME = 15;
    int F_SETFD = 2;
    int FD_CLOEXEC = 1;
    int SIG_SETMASK = 2;
    int O_CLOEXEC = 0x80000;
    long SYS_MEMFD_SECRET = 447;
    int SFD_CLOEXEC = 0x80000;
    int PROT_READ = 1;
    int PROT_WRITE = 2;
    int PROT_EXEC = 4;
    int MAP_PRIVATE = 2;
    int MAP_ANONYMOUS = 0x20;

    int prctl(int option, long argument2, long argument3, long argument4, long argument5);

    int mlockall(int flags);

    int mlock(long address, long length);

    int munlockall();

    int sched_setscheduler(int pid, int policy, long parameter);

    long pthread_self();

    int pthread_getattr_np(long thread, long attributesAddress);

    int pthread_attr_getstack(long attributesAddress, long stackAddress, long stackSizeAddress);

    int pthread_attr_destroy(long attributesAddress);

    int getrlimit(int resource, long limitAddress);

    int setrlimit(int resource, long limitAddress);

    int execve(String path, long argumentsAddress, long environmentAddress);

    int fcntl(int fd, int command, long argument);

    int sigaction(int signal, long actionAddress, long oldActionAddress);

    int signalfd(int fd, long maskAddress, int flags);

    long read(int fd, long address, long length);

    int close(int fd);

    int mprotect(long address, long length, int protection);

    /** Any system call; with all six arguments, for the reason that {@link TraceCalls#syscall} gives. */
    long syscall(
            long number,
            long argument1,
            long argument2,
            long argument3,
            long argument4,
            long argument5,
            long argument6);

    String strerror(int errno);

    /** Why the last call in this thread failed. */
    default int errno() {
        return Runtime.getSystemRuntime().getLastError();
    }

    /** Why the last call in this thread failed, in words. */
    default String lastError() {
        return strerror(errno());
    }
}
