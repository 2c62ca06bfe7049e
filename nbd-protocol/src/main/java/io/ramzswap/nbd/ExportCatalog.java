package io.ramzswap.nbd;

import java.util.List;
import java.util.Optional;

/** The exports a server offers. Thread-safe; it may change while it is in use. */
public interface ExportCatalog {
    /** The export of a name; the empty name means the default export, if there is one. */
    Optional<Export> find(String name);

    /** The exports told to clients that ask for a list. */
    List<Export> list();

    /** A catalog of one export, found by its name and as the default. */
    static ExportCatalog of(Export export) {
        return new ExportCatalog() {
            @Override
            public Optional<Export> find(String name) {
                return name.isEmpty() || name.equals(export.name()) ? Optional.of(export) : Optional.empty();
            }

            @Override
            public List<Export> list() {
                return List.of(export);
            }
        };
    }
}
