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

    /** Not served yet. */
    ListeningPoint(String name, ThreadFactory threads) {
        this.name = name;
        this.server = new NbdServer(catalog(), ServerOptions.DEFAULT, threads);
    }

    /** Serves clients of {@code listener}, which is closed with this point. */
    public static ListeningPoint serve(String name, Listener listener, ThreadFactory threads) {
        ListeningPoint point = new ListeningPoint(name, threads);
        point.server.serve(listener);
        return point;
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
    public Attachment attach(Export export) {
        GatedExport gated = new GatedExport(export);
        current = Optional.of(gated);
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
    public void close() {
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
