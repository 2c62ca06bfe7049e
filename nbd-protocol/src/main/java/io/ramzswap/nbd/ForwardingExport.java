package io.ramzswap.nbd;

import java.util.Optional;

/** Passes everything on to another export; to be extended by one that is different in some respect. */
public abstract class ForwardingExport implements Export {
    private final Export export;

    /** In front of {@code export}. */
    protected ForwardingExport(Export export) {
        this.export = export;
    }

    @Override
    public String name() {
        return export.name();
    }

    @Override
    public String description() {
        return export.description();
    }

    @Override
    public long sizeBytes() {
        return export.sizeBytes();
    }

    @Override
    public int transmissionFlags() {
        return export.transmissionFlags();
    }

    @Override
    public BlockSize blockSize() {
        return export.blockSize();
    }

    @Override
    public Optional<String> stateContext() {
        return export.stateContext();
    }

    @Override
    public ExportSession open() {
        return export.open();
    }
}
