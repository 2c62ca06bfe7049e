package io.ramzswap.process;

import io.ramzswap.libc.Libc;
import java.util.ArrayList;
import java.util.List;

/** A host that allows and forbids what a test tells it, and writes down what it was asked. */
@SuppressWarnings("checkstyle:MethodName")
class PlayedLibc implements Libc {
    private final List<String> calls = new ArrayList<>();
    private int errno;

    /** The calls in order, with their arguments. */
    final List<String> calls() {
        return calls;
    }

    /** Writes a call down and answers success. */
    final int allow(String call) {
        calls.add(call);
        return 0;
    }

    /** Writes a call down and fails it. */
    final int forbid(String call, int reason) {
        calls.add(call);
        errno = reason;
        return -1;
    }

    @Override
    public int prctl(int option, long argument2, long argument3, long argument4, long argument5) {
        return allow("prctl " + option + " " + argument2);
    }

    @Override
    public int mlockall(int flags) {
        return allow("mlockall " + flags);
    }

    @Override
    public int mlock(long address, long length) {
        return allow("mlock");
    }

    @Override
    public int munlockall() {
        return allow("munlockall");
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
        return forbid("execve", 13);
    }

    @Override
    public int fcntl(int fd, int command, long argument) {
        return 0;
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
    public long read(int fd, long address, long length) {
        return allow("read");
    }

    @Override
    public int close(int fd) {
        return allow("close");
    }

    @Override
    public int mprotect(long address, long length, int protection) {
        return allow("mprotect");
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
        return allow("syscall " + number);
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
    public String strerror(int number) {
        errno = 0;
        return "error " + number;
    }

    @Override
    public int errno() {
        return errno;
    }
}
