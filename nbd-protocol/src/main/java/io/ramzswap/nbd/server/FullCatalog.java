package io.ramzswap.nbd.server;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.ExportUnavailableException;
import io.ramzswap.nbd.ForwardingExport;
import java.util.List;
import java.util.Optional;

/** The exports of a server that has no place for another client: it may ask about them, and is told why it cannot have one. */
final class FullCatalog implements ExportCatalog {
    private final ExportCatalog catalog;
    private final int maximumConnections;

    FullCatalog(ExportCatalog catalog, int maximumConnections) {
        this.catalog = catalog;
        this.maximumConnections = maximumConnections;
    }

    @Override
    public Optional<Export> find(String name) {
        return catalog.find(name).map(Taken::new);
    }

    @Override
    public List<Export> list() {
        return catalog.list();
    }

    private final class Taken extends ForwardingExport {
        Taken(Export export) {
            super(export);
        }

        @Override
        public ExportSession open() {
            throw new ExportUnavailableException(
                    maximumConnections + " clients are served, the most there may be; try again when one has left");
        }
    }
}
