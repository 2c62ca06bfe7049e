package io.ramzswap.nbd.wire;

/** Flags of a request. Source: NBD protocol document, "Command flags". */
public final class CommandFlag {
    /** Durable before the answer. */
    public static final int FUA = 1;
    /** WRITE_ZEROES: keep the range allocated. */
    public static final int NO_HOLE = 1 << 1;
    /** READ: answer in one piece. */
    public static final int DF = 1 << 2;
    /** BLOCK_STATUS: answer with one extent. */
    public static final int REQ_ONE = 1 << 3;
    /** WRITE_ZEROES: fail rather than be slow. */
    public static final int FAST_ZERO = 1 << 4;
    /** With extended headers: as many bytes of payload follow as the length says. */
    public static final int PAYLOAD_LEN = 1 << 5;

    private CommandFlag() {}
}
