package io.ramzswap.nbd.libc;

import java.io.IOException;

/** A system call that failed: which, on what, and why, in words. */
public final class LibcException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /**
     * For the last call that failed in this thread.
     *
     * @param what the call and its object, as in "bind /run/x.sock"
     */
    public static LibcException of(Libc libc, String what) {
        return new LibcException(what, libc.errno());
    }

    /** For a call that failed with {@code errno}. */
    public LibcException(String what, int errno) {
        super(what + ": " + describe(errno));
        this.errno = errno;
    }

    /** The C library's words for an error number. */
    public static String describe(int errno) {
        return Libc.system().strerror(errno);
    }

    /** One of {@link Errno}, or another number of the kernel's. */
    public int errno() {
        return errno;
    }
}
