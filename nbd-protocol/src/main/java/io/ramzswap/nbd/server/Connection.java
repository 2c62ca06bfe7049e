package io.ramzswap.nbd.server;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.handshake.Agreement;
import io.ramzswap.nbd.handshake.Handshake;
import io.ramzswap.nbd.transmission.Transmission;
import io.ramzswap.nbd.transport.Transport;
import java.util.Optional;

/** One client from its arrival to its leaving. */
final class Connection {
    private final Transport transport;
    private final ExportCatalog catalog;
    private final ServerOptions options;
    private final ConnectionBuffers buffers;
    private final boolean place;
    private volatile Export export;
    private volatile Thread thread;
    private boolean makingRoom;

    Connection(Transport transport, ExportCatalog catalog, ServerOptions options, ConnectionBuffers buffers) {
        this(transport, catalog, options, buffers, true);
    }

    /** One that is only told why there is no place for it: {@code catalog} opens no export. */
    static Connection withoutPlace(
            Transport transport, ExportCatalog catalog, ServerOptions options, ConnectionBuffers buffers) {
        return new Connection(transport, catalog, options, buffers, false);
    }

    private Connection(
            Transport transport,
            ExportCatalog catalog,
            ServerOptions options,
            ConnectionBuffers buffers,
            boolean place) {
        this.place = place;
        this.transport = transport;
        this.catalog = catalog;
        this.options = options;
        this.buffers = buffers;
    }

    /** Serves until the client goes, or {@link #shutdown}. */
    void serve() {
        thread = Thread.currentThread();
        try {
            transport.deadlineAfter(options.handshakeTimeoutMillis());
            final ConnectionBuffers.Pair pair = buffers.takeForHandshake();
            try {
                pair.out().connect(transport);
                final Optional<Agreement> agreement =
                        new Handshake(transport, catalog, options.tls(), pair.in(), pair.out()).run();
                agreement.ifPresent(agreed -> transmit(agreed, pair));
            } finally {
                buffers.giveBackFromHandshake(pair);
            }
        } finally {
            transport.close();
        }
    }

    /** Whether the calling thread is not the one that serves it. */
    boolean isServedElsewhere() {
        return !Thread.currentThread().equals(thread);
    }

    /** Whether the client has chosen {@code candidate}. */
    boolean uses(Export candidate) {
        return candidate.equals(export);
    }

    /** Whether it takes one of the places that there are for clients; under the server's lock. */
    boolean hasPlace() {
        return place && !makingRoom;
    }

    /** Whether the client has a place, is still in the handshake, and was not told to leave. */
    boolean mayMakeRoom() {
        return hasPlace() && export == null;
    }

    /** Ends the connection in favour of another; under the server's lock. */
    Connection makeRoom() {
        makingRoom = true;
        shutdown();
        return this;
    }

    /** Gives back what it would be served through. For one that is not served. */
    void close() {
        transport.close();
    }

    /** Ends the connection; called by any thread. */
    void shutdown() {
        transport.shutdown();
    }

    private void transmit(Agreement agreement, ConnectionBuffers.Pair handshake) {
        export = agreement.export();
        try (ExportSession session = agreement.session()) {
            transmit(agreement, session, handshake);
        } finally {
            export = null;
            // Says farewell where TLS was started; what is under it is closed a second time in vain.
            agreement.transport().close();
        }
    }

    private void transmit(Agreement agreed, ExportSession session, ConnectionBuffers.Pair handshake) {
        final ConnectionBuffers.Pair pair = buffers.takeForTransmission();
        try {
            final Transport stream = agreed.transport();
            stream.deadlineAfter(0);
            stream.keepAwake(options.cpuLatency());
            pair.in().takeFrom(handshake.in());
            pair.out().connect(stream);
            new Transmission(stream, agreed.export(), session, agreed.mode(), pair.in(), pair.out()).run();
        } finally {
            buffers.giveBackFromTransmission(pair);
        }
    }
}
