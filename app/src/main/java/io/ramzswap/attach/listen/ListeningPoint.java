package io.ramzswap.attach.listen;

import io.ramzswap.attach.Attachment;
import io.ramzswap.attach.AttachmentPoint;
import io.ramzswap.device.SwapExport;
import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ReadOnlyExport;
import io.ramzswap.nbd.unaligned.UnalignedExport;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One device for NBD clients, who may ask for any alignment. While it is not initialised, clients are told that there is no
 * export.
 */
final class ListeningPoint implements AttachmentPoint {
    private final String name;
    private final boolean readOnly;
    private volatile Optional<GatedExport> current = Optional.empty();

    ListeningPoint(String name, boolean readOnly) {
        this.name = name;
        this.readOnly = readOnly;
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
    public boolean isKernels() {
        return false;
    }

    @Override
    public void makeReady() {}

    /** Without effect: clients make the connections. */
    @Override
    public void setConnections(OptionalInt count) {}

    /** The device, while there is one. */
    Optional<Export> export() {
        return current.map(Export.class::cast);
    }

    @Override
    public Attachment attach(SwapExport export) {
        Export unaligned = UnalignedExport.of(export);
        GatedExport gated = new GatedExport(readOnly ? new ReadOnlyExport(unaligned) : unaligned);
        current = Optional.of(gated);
        return () -> reserve(gated);
    }

    private Attachment.Permit reserve(GatedExport gated) throws OperationException {
        int clients = gated.closeUnlessUsed();
        if (clients > 0) {
            throw new OperationException(
                    Refusal.BUSY,
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
}
