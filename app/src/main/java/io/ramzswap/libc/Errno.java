package io.ramzswap.libc;

/** The error numbers of Linux that are told apart here. */
public final class Errno {
    /** Operation not permitted. */
    public static final int EPERM = 1;
    /** No such device or address. */
    public static final int ENXIO = 6;
    /** Cannot allocate memory. */
    public static final int ENOMEM = 12;
    /** Permission denied. */
    public static final int EACCES = 13;
    /** In use. */
    public static final int EBUSY = 16;
    /** Invalid argument. */
    public static final int EINVAL = 22;

    private Errno() {}
}
