package io.ramzswap.nbd;

/** Error values of a transmission reply. Source: NBD protocol document, "Error values". */
public final class NbdError {
    /** The request was carried out. */
    public static final int OK = 0;
    /** Operation not permitted, as a write to a read-only export. */
    public static final int EPERM = 1;
    /** Input or output error. */
    public static final int EIO = 5;
    /** Cannot allocate memory. */
    public static final int ENOMEM = 12;
    /** Invalid argument. */
    public static final int EINVAL = 22;
    /** No space left on device. */
    public static final int ENOSPC = 28;
    /** Value too large. */
    public static final int EOVERFLOW = 75;
    /** Operation not supported. */
    public static final int ENOTSUP = 95;
    /** The server is shutting down. */
    public static final int ESHUTDOWN = 108;

    private NbdError() {}
}
