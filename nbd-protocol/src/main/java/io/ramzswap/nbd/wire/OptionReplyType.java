package io.ramzswap.nbd.wire;

/** Types of replies to an option. Source: NBD protocol document, "Option reply types". */
public final class OptionReplyType {
    /** The option is done. */
    public static final int ACK = 1;
    /** One export of a list. */
    public static final int SERVER = 2;
    /** One info about an export. */
    public static final int INFO = 3;
    /** One metadata context. */
    public static final int META_CONTEXT = 4;

    private static final int ERROR = 1 << 31;

    /** The option is not known. */
    public static final int ERR_UNSUP = ERROR | 1;
    /** Forbidden by the server's configuration. */
    public static final int ERR_POLICY = ERROR | 2;
    /** The data is not well-formed. */
    public static final int ERR_INVALID = ERROR | 3;
    /** Not possible on this platform. */
    public static final int ERR_PLATFORM = ERROR | 4;
    /** TLS has to be started first. */
    public static final int ERR_TLS_REQD = ERROR | 5;
    /** There is no such export. */
    public static final int ERR_UNKNOWN = ERROR | 6;
    /** The server is shutting down. */
    public static final int ERR_SHUTDOWN = ERROR | 7;
    /** The client has to ask for block sizes. */
    public static final int ERR_BLOCK_SIZE_REQD = ERROR | 8;
    /** The request or its answer is too large. */
    public static final int ERR_TOO_BIG = ERROR | 9;
    /** The client has to use extended headers, or uses them already. */
    public static final int ERR_EXT_HEADER_REQD = ERROR | 10;

    private OptionReplyType() {}
}
