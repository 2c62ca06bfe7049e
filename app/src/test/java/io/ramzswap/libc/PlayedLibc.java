package io.ramzswap.libc;

import java.util.ArrayList;
import java.util.List;

/**
 * A host that allows what a test does not forbid by an override, and writes down the calls it was asked for, with the
 * arguments that are no addresses.
 */
@SuppressWarnings("checkstyle:MethodName")
public class PlayedLibc implements Libc {
    private final List<String> calls = new ArrayList<>();
    private int errno;

    /** The calls in order, with their arguments. */
    public final List<String> calls() {
        return calls;
    }

    /** Writes a call down and returns success. */
    protected final int allow(String call) {
        calls.add(call);
        return 0;
    }

    /** Writes a call down and fails it. */
    protected final int forbid(String call, int reason) {
        calls.add(call);
        errno = reason;
        return -1;
    }

    @Override
    public int open(String path, int flags, int mode) {
        return allow("open " + path);
    }

    @Override
    public int close(int fd) {
        return allow("close");
    }

    @Override
    public long read(int fd, long address, long length) {
        return allow("read");
    }

    @Override
    public long pread(int fd, long address, long length, long offset) {
        return allow("pread");
    }

    @Override
    public long pwrite(int fd, long address, long length, long offset) {
        return allow("pwrite");
    }

    @Override
    public long lseek(int fd, long offset, int whence) {
        return allow("lseek");
    }

    @Override
    public int statx(int directory, String path, int flags, int mask, long address) {
        return allow("statx");
    }

    @Override
    public int flock(int fd, int operation) {
        return allow("flock " + operation);
    }

    @Override
    public int ioctl(int fd, long request, long argument) {
        return allow("ioctl " + request);
    }

    @Override
    public int fcntl(int fd, int command, long argument) {
        return 0;
    }

    @Override
    public int poll(long pollFds, long count, int timeoutMillis) {
        return allow("poll");
    }

    @Override
    public int mount(String source, String target, String type, long flags, long data) {
        return allow("mount");
    }

    @Override
    public int mlock(long address, long length) {
        return allow("mlock");
    }

    @Override
    public int mlockall(int flags) {
        return allow("mlockall " + flags);
    }

    @Override
    public int munlockall() {
        return allow("munlockall");
    }

    @Override
    public int mprotect(long address, long length, int protection) {
        return allow("mprotect");
    }

    @Override
    public void explicit_bzero(long address, long length) {
        allow("explicit_bzero");
    }

    @Override
    public int prctl(int option, long argument2, long argument3, long argument4, long argument5) {
        return allow("prctl " + option + " " + argument2);
    }

    @Override
    public int sched_setscheduler(int pid, int policy, long parameter) {
        return allow("sched_setscheduler");
    }

    @Override
    public int getrlimit(int resource, long limitAddress) {
        return allow("getrlimit " + resource);
    }

    @Override
    public int setrlimit(int resource, long limitAddress) {
        return allow("setrlimit " + resource);
    }

    @Override
    public int execve(String path, long argumentsAddress, long environmentAddress) {
        return forbid("execve", Errno.EACCES);
    }

    @Override
    public int sigaction(int signal, long actionAddress, long oldActionAddress) {
        return allow("sigaction " + signal);
    }

    @Override
    public int signalfd(int fd, long maskAddress, int flags) {
        return allow("signalfd");
    }

    @Override
    public long pthread_self() {
        return 1;
    }

    @Override
    public int pthread_getattr_np(long thread, long attributesAddress) {
        return allow("pthread_getattr_np " + thread);
    }

    @Override
    public int pthread_attr_getstack(long attributesAddress, long stackAddress, long stackSizeAddress) {
        return allow("pthread_attr_getstack");
    }

    @Override
    public int pthread_attr_destroy(long attributesAddress) {
        return allow("pthread_attr_destroy");
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
        return allow("syscall " + number + " " + argument1);
    }

    @Override
    public String strerror(int number) {
        errno = 0;
        return "error " + number;
    }

    @Override
    public int errno() {
        return errno;
    }
}
