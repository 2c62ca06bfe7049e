package io.ramzswap.nbd.libc;

/** The error numbers of Linux that are told apart here. */
public final class Errno {
    /** Operation not permitted. */
    public static final int EPERM = 1;
    /** No such file or directory. */
    public static final int ENOENT = 2;
    /** Interrupted by a signal. */
    public static final int EINTR = 4;
    /** No such device or address. */
    public static final int ENXIO = 6;
    /** Bad file descriptor. */
    public static final int EBADF = 9;
    /** Would block. */
    public static final int EAGAIN = 11;
    /** Not enough memory. */
    public static final int ENOMEM = 12;
    /** Permission denied. */
    public static final int EACCES = 13;
    /** In use. */
    public static final int EBUSY = 16;
    /** No such device. */
    public static final int ENODEV = 19;
    /** Not a directory. */
    public static final int ENOTDIR = 20;
    /** Invalid argument. */
    public static final int EINVAL = 22;
    /** Too many open files in the system. */
    public static final int ENFILE = 23;
    /** Too many open files in the process. */
    public static final int EMFILE = 24;
    /** A read-only file system. */
    public static final int EROFS = 30;
    /** A name that is too long. */
    public static final int ENAMETOOLONG = 36;
    /** Too many symbolic links. */
    public static final int ELOOP = 40;
    /** Not a socket. */
    public static final int ENOTSOCK = 88;
    /** No such kind of address. */
    public static final int EAFNOSUPPORT = 97;
    /** A connection was aborted before it was accepted. */
    public static final int ECONNABORTED = 103;
    /** No buffers left. */
    public static final int ENOBUFS = 105;
    /** Address in use. */
    public static final int EADDRINUSE = 98;
    /** Not an address of this machine. */
    public static final int EADDRNOTAVAIL = 99;
    /** Nobody listens. */
    public static final int ECONNREFUSED = 111;

    private Errno() {}
}
