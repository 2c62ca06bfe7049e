package io.ramzswap.nbd.wire;

/** Options that a client can send during the handshake. Source: NBD protocol document, "Option types". */
public final class Option {
    /** Chooses an export and ends the handshake; cannot be answered with an error. */
    public static final int EXPORT_NAME = 1;
    /** Ends the handshake and the connection. */
    public static final int ABORT = 2;
    /** Asks for the names of all exports. */
    public static final int LIST = 3;
    /** Asks to continue under TLS. */
    public static final int STARTTLS = 5;
    /** Asks about an export. */
    public static final int INFO = 6;
    /** Chooses an export and ends the handshake. */
    public static final int GO = 7;
    /** Asks for structured replies. */
    public static final int STRUCTURED_REPLY = 8;
    /** Asks which metadata contexts there are. */
    public static final int LIST_META_CONTEXT = 9;
    /** Chooses metadata contexts. */
    public static final int SET_META_CONTEXT = 10;
    /** Asks for 64-bit lengths in requests and replies. */
    public static final int EXTENDED_HEADERS = 11;

    private Option() {}
}
