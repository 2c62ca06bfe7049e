package io.ramzswap.attach.listen;

import io.ramzswap.attach.Attachment;
import io.ramzswap.attach.AttachmentPoint;
import io.ramzswap.attach.OperationException;
import io.ramzswap.control.ErrorCode;
import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.server.Listener;
import io.ramzswap.nbd.server.NbdServer;
import io.ramzswap.nbd.server.ServerOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/**
 * One device behind a listening socket: the default export, and one by its name. While it is not initialised, clients are
 * told that there is no export.
 */
public final class ListeningPoint implements AttachmentPoint, AutoCloseable {
    private final String name;
    private final NbdServer server;
    private volatile Optional<GatedExport> current = Optional.empty();
    /** Bound, but nobody is let in before there is something to serve. */
    private Optional<Listener> waiting;

    private ListeningPoint(String name, Optional<Listener> listener, ThreadFactory threads) {
        this.name = name;
        this.waiting = listener;
        this.server = new NbdServer(catalog(), ServerOptions.DEFAULT, threads);
    }

    /** Without a socket. */
    ListeningPoint(String name, ThreadFactory threads) {
        this(name, Optional.empty(), threads);
    }

    /** Serves clients of {@code listener}, once there is a device; it is closed with this point. */
    public static ListeningPoint serve(String name, Listener listener, ThreadFactory threads) {
        return new ListeningPoint(name, Optional.of(listener), threads);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String exportName() {
        return name;
    }

    @Override
    public void requireReady() {}

    @Override
    public synchronized Attachment attach(Export export) {
        GatedExport gated = new GatedExport(export);
        current = Optional.of(gated);
        waiting.ifPresent(server::serve);
        waiting = Optional.empty();
        return () -> reserve(gated);
    }

    private Attachment.Permit reserve(GatedExport gated) throws OperationException {
        int clients = gated.closeUnlessUsed();
        if (clients > 0) {
            throw new OperationException(
                    ErrorCode.BUSY,
                    name + " is in use by " + clients + (clients == 1 ? " client" : " clients")
                            + ": nothing was changed; disconnect first");
        }
        return new Attachment.Permit() {
            @Override
            public void detach() {
                current = Optional.empty();
            }

            @Override
            public void close() {
                if (current.isPresent()) {
                    gated.reopen();
                }
            }
        };
    }

    /** What clients are offered. */
    ExportCatalog catalog() {
        return new Catalog();
    }

    /** Stops listening and ends all connections. */
    @Override
    public synchronized void close() {
        waiting.ifPresent(Listener::close);
        server.close();
    }

    /** The device, while there is one. */
    private final class Catalog implements ExportCatalog {
        @Override
        public Optional<Export> find(String wanted) {
            return current.filter(export -> wanted.isEmpty() || wanted.equals(name))
                    .map(Export.class::cast);
        }

        @Override
        public List<Export> list() {
            return current.<List<Export>>map(List::of).orElse(List.of());
        }
    }
}
