package io.ramzswap.nbd.libc;

import java.nio.ByteBuffer;

/**
 * The calls of the C library that this module makes, by their own names, with memory passed by address, so that a call
 * allocates nothing. The memory must stay reachable until the call returns. Every call returns -1 on an error and leaves the
 * reason in {@link #errno} of the same thread.
 *
 * <p>An interface, so that tests can play a host that refuses something; {@link #system} is the real one. Source: the Linux
 * manual pages, sections 2 and 3. Constants are those of Linux on x86-64 and AArch64.
 */
@SuppressWarnings({"checkstyle:MissingJavadocMethod", "checkstyle:MethodName"})
public interface Libc {
    int AF_UNIX = 1;
    int AF_INET = 2;
    int AF_INET6 = 10;
    int AF_NETLINK = 16;
    int SOCK_STREAM = 1;
    int SOCK_RAW = 3;
    int SOCK_NONBLOCK = 0x800;
    int SOCK_CLOEXEC = 0x80000;
    int SOL_SOCKET = 1;
    int SO_REUSEADDR = 2;
    int SO_SNDBUF = 7;
    int SO_KEEPALIVE = 9;
    int SO_RCVTIMEO = 20;
    int SO_SNDBUFFORCE = 32;
    int IPPROTO_TCP = 6;
    int TCP_NODELAY = 1;
    int TCP_KEEPIDLE = 4;
    int TCP_KEEPINTVL = 5;
    int TCP_KEEPCNT = 6;
    int TCP_USER_TIMEOUT = 18;
    int SOL_NETLINK = 270;
    int MSG_DONTWAIT = 0x40;
    int MSG_NOSIGNAL = 0x4000;
    int SHUT_RDWR = 2;
    int O_RDONLY = 0;
    int O_WRONLY = 1;
    int O_RDWR = 2;
    int O_EXCL = 0x80;
    int O_CLOEXEC = 0x80000;
    int O_DIRECT = System.getProperty("os.arch").equals("aarch64") ? 0x10000 : 0x4000;
    int F_SETFD = 2;
    int F_GETPIPE_SZ = 1032;
    int FD_CLOEXEC = 1;
    int EFD_CLOEXEC = 0x80000;
    int LOCK_EX = 2;
    int LOCK_NB = 4;
    short POLLIN = 1;
    short POLLOUT = 4;
    int SIG_BLOCK = 0;
    int SCHED_FIFO = 1;
    int SCHED_RR = 2;
    int SCHED_RESET_ON_FORK = 0x40000000;

    /** The C library of this process. */
    static Libc system() {
        return NativeLibc.LIBC;
    }

    int socket(int domain, int type, int protocol);

    int socketpair(int domain, int type, int protocol, long fds);

    int bind(int fd, long address, int length);

    int listen(int fd, int backlog);

    int accept4(int fd, long address, long length, int flags);

    int connect(int fd, long address, int length);

    int getsockname(int fd, long address, long length);

    int setsockopt(int fd, int level, int name, long value, int length);

    int shutdown(int fd, int how);

    long recv(int fd, long buffer, long length, int flags);

    long send(int fd, long buffer, long length, int flags);

    long read(int fd, long buffer, long length);

    long write(int fd, long buffer, long length);

    int poll(long fds, long count, int timeoutMillis);

    int eventfd(int initialValue, int flags);

    int eventfd_write(int fd, long value);

    int open(String path, int flags, int mode);

    int close(int fd);

    int fcntl(int fd, int command, int argument);

    int fchmod(int fd, int mode);

    int chmod(String path, int mode);

    int unlink(String path);

    int flock(int fd, int operation);

    int ioctl(int fd, long request, long argument);

    int gettid();

    int sched_getscheduler(int pid);

    int sched_getaffinity(int pid, long length, long mask);

    int sched_setaffinity(int pid, long length, long mask);

    int pthread_sigmask(int how, long set, long oldSet);

    String strerror(int errno);

    /** The reason why the last call in this thread failed. */
    default int errno() {
        return NativeLibc.lastError();
    }

    /** The address of a direct buffer's first byte, whatever its position. Allocates; keep the result. */
    static long address(ByteBuffer direct) {
        return NativeLibc.address(direct);
    }
}
