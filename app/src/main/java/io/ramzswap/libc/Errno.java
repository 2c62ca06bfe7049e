package io.ramzswap.libc;

/** The error numbers of Linux that are told apart here. */
public final class Errno {
    /** Operation not permitted. */
    public static final int EPERM = 1;
    /** Cannot allocate memory. */
    public static final int ENOMEM = 12;
    /** Invalid argument. */
    public static final int EINVAL = 22;

    private Errno() {}
}
