package io.ramzswap.nbd.libc;

/** The system's C library; tests override the calls that are to behave otherwise. */
@SuppressWarnings("checkstyle:MethodName")
public class ForwardingLibc implements Libc {
    private final Libc system = Libc.system();
    private int errno;

    /** Fails a call with this error number. */
    protected final int failWith(int error) {
        errno = error;
        return -1;
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        return system.socket(domain, type, protocol);
    }

    @Override
    public int socketpair(int domain, int type, int protocol, long fds) {
        return system.socketpair(domain, type, protocol, fds);
    }

    @Override
    public int bind(int fd, long address, int length) {
        return system.bind(fd, address, length);
    }

    @Override
    public int listen(int fd, int backlog) {
        return system.listen(fd, backlog);
    }

    @Override
    public int accept4(int fd, long address, long length, int flags) {
        return system.accept4(fd, address, length, flags);
    }

    @Override
    public int connect(int fd, long address, int length) {
        return system.connect(fd, address, length);
    }

    @Override
    public int getsockname(int fd, long address, long length) {
        return system.getsockname(fd, address, length);
    }

    @Override
    public int setsockopt(int fd, int level, int name, long value, int length) {
        return system.setsockopt(fd, level, name, value, length);
    }

    @Override
    public int shutdown(int fd, int how) {
        return system.shutdown(fd, how);
    }

    @Override
    public long recv(int fd, long buffer, long length, int flags) {
        return system.recv(fd, buffer, length, flags);
    }

    @Override
    public long send(int fd, long buffer, long length, int flags) {
        return system.send(fd, buffer, length, flags);
    }

    @Override
    public long read(int fd, long buffer, long length) {
        return system.read(fd, buffer, length);
    }

    @Override
    public long write(int fd, long buffer, long length) {
        return system.write(fd, buffer, length);
    }

    @Override
    public int poll(long fds, long count, int timeoutMillis) {
        return system.poll(fds, count, timeoutMillis);
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        return system.eventfd(initialValue, flags);
    }

    @Override
    public int eventfd_write(int fd, long value) {
        return system.eventfd_write(fd, value);
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
    public int fcntl(int fd, int command, int argument) {
        return system.fcntl(fd, command, argument);
    }

    @Override
    public int fchmod(int fd, int mode) {
        return system.fchmod(fd, mode);
    }

    @Override
    public int chmod(String path, int mode) {
        return system.chmod(path, mode);
    }

    @Override
    public int unlink(String path) {
        return system.unlink(path);
    }

    @Override
    public int flock(int fd, int operation) {
        return system.flock(fd, operation);
    }

    @Override
    public int ioctl(int fd, long request, long argument) {
        return system.ioctl(fd, request, argument);
    }

    @Override
    public int gettid() {
        return system.gettid();
    }

    @Override
    public int sched_getscheduler(int pid) {
        return system.sched_getscheduler(pid);
    }

    @Override
    public int sched_getaffinity(int pid, long length, long mask) {
        return system.sched_getaffinity(pid, length, mask);
    }

    @Override
    public int sched_setaffinity(int pid, long length, long mask) {
        return system.sched_setaffinity(pid, length, mask);
    }

    @Override
    public int pthread_sigmask(int how, long set, long oldSet) {
        return system.pthread_sigmask(how, set, oldSet);
    }

    @Override
    public String strerror(int number) {
        return system.strerror(number);
    }

    @Override
    public int errno() {
        final int told = errno != 0 ? errno : system.errno();
        errno = 0;
        return told;
    }
}
