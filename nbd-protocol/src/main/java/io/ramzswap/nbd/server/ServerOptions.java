package io.ramzswap.nbd.server;

import io.ramzswap.nbd.tls.TlsOptions;
import io.ramzswap.nbd.transport.CpuLatency;
import java.util.Optional;

/**
 * The limits of a server.
 *
 * @param maximumConnections clients served at the same time, those in the handshake included; one more makes the oldest in
 *     the handshake leave, or, where all have chosen an export, is told in the handshake that there is no place for it
 * @param handshakeTimeoutMillis how long a client may take from connecting to the first request
 * @param receiveBufferBytes of each connection: how much of a client's queue is handled in one go
 * @param sendBufferBytes of each connection: the longest READ that can still be refused half-way
 * @param tls what clients can start TLS with; empty for none
 * @param cpuLatency what Linux is asked for while a client's requests follow one another closely; it has to outlive the server
 */
public record ServerOptions(
        int maximumConnections,
        long handshakeTimeoutMillis,
        int receiveBufferBytes,
        int sendBufferBytes,
        Optional<TlsOptions> tls,
        CpuLatency cpuLatency) {
    /** The least bytes of each buffer: the largest block there can be, and its header. */
    public static final int MINIMUM_BUFFER_BYTES = 68 << 10;

    /** Clients at the same time, unless told otherwise. */
    public static final int DEFAULT_CONNECTIONS = 64;

    /** The defaults. */
    public static final ServerOptions DEFAULT =
            new ServerOptions(DEFAULT_CONNECTIONS, 10_000, 256 << 10, 256 << 10, Optional.empty(), CpuLatency.ANY);

    /** The same with TLS. */
    public ServerOptions withTls(TlsOptions other) {
        return new ServerOptions(
                maximumConnections,
                handshakeTimeoutMillis,
                receiveBufferBytes,
                sendBufferBytes,
                Optional.of(other),
                cpuLatency);
    }

    /** The same with other limits. */
    public ServerOptions withLimits(int connections, long handshakeMillis) {
        return new ServerOptions(connections, handshakeMillis, receiveBufferBytes, sendBufferBytes, tls, cpuLatency);
    }

    /** The same with another latency. */
    public ServerOptions withCpuLatency(CpuLatency other) {
        return new ServerOptions(
                maximumConnections, handshakeTimeoutMillis, receiveBufferBytes, sendBufferBytes, tls, other);
    }

    /** Whether clients are told nothing before they have started TLS. */
    boolean isTlsRequired() {
        return tls.isPresent() && tls.get().required();
    }

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
