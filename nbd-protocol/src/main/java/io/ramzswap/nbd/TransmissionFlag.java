package io.ramzswap.nbd;

/** Bits of the transmission flags. Source: NBD protocol document, "Transmission flags". */
public final class TransmissionFlag {
    /** Always set. */
    public static final int HAS_FLAGS = 1;
    /** Writes are refused. */
    public static final int READ_ONLY = 1 << 1;
    /** FLUSH is supported. */
    public static final int SEND_FLUSH = 1 << 2;
    /** FUA is supported on every command. */
    public static final int SEND_FUA = 1 << 3;
    /** The device seeks slowly. */
    public static final int ROTATIONAL = 1 << 4;
    /** TRIM is supported. */
    public static final int SEND_TRIM = 1 << 5;
    /** WRITE_ZEROES is supported. */
    public static final int SEND_WRITE_ZEROES = 1 << 6;
    /** DF is supported; only after structured replies were negotiated. */
    public static final int SEND_DF = 1 << 7;
    /** A flush on one connection covers all of them. */
    public static final int CAN_MULTI_CONN = 1 << 8;
    /** CACHE is supported. */
    public static final int SEND_CACHE = 1 << 10;
    /** FAST_ZERO is supported. */
    public static final int SEND_FAST_ZERO = 1 << 11;

    private TransmissionFlag() {}
}
