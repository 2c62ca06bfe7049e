package io.ramzswap.nbd.server;

/**
 * The limits of a server.
 *
 * @param maximumConnections clients served at the same time, those in the handshake included; one more is sent away
 * @param handshakeTimeoutMillis how long a client may take from connecting to the first request
 * @param receiveBufferBytes of each connection: how much of a client's queue is handled in one go
 * @param sendBufferBytes of each connection: the longest READ that can still be refused half-way
 */
public record ServerOptions(
        int maximumConnections, long handshakeTimeoutMillis, int receiveBufferBytes, int sendBufferBytes) {
    /** The least bytes of each buffer: the largest block there can be, and its header. */
    public static final int MINIMUM_BUFFER_BYTES = 68 << 10;

    /** What suits most. */
    public static final ServerOptions DEFAULT = new ServerOptions(64, 10_000, 256 << 10, 256 << 10);

    /** Checks the limits. */
    public ServerOptions {
        if (maximumConnections < 1 || handshakeTimeoutMillis < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
        if (Math.min(receiveBufferBytes, sendBufferBytes) < MINIMUM_BUFFER_BYTES) {
            throw new IllegalArgumentException("connection buffers need at least " + MINIMUM_BUFFER_BYTES + " bytes");
        }
    }
}
