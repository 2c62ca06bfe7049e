package io.ramzswap.nbd.handshake;

/** The progress of a handshake. {@link #AGREED} and {@link #CLOSED} are final. */
enum HandshakeState {
    /** The greeting is out; the client's flags come next. */
    CLIENT_FLAGS,
    /** An option comes next. */
    OPTIONS,
    /** An export was chosen; the next byte belongs to the transmission phase. */
    AGREED,
    /** The client has gone, was sent away, or broke the protocol. */
    CLOSED
}
