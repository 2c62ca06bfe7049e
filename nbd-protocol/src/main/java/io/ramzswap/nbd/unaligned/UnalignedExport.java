package io.ramzswap.nbd.unaligned;

import io.ramzswap.nbd.BlockSize;
import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.ForwardingExport;

/**
 * An export that takes requests of any alignment for one that wants whole blocks: what covers a block in part is read,
 * changed and written back.
 *
 * <p>Writes through one object of this class do not lose each other's bytes. Writes that go around it can: a block that
 * somebody else writes while it is read and written back here gets its old neighbours again. So a device whose blocks are
 * written elsewhere, as by the kernel, must not be served for writing through this at the same time.
 *
 * <p>Thread-safe.
 */
public final class UnalignedExport extends ForwardingExport {
    private final Export export;
    private final BlockSize blockSize;
    private final BlockLocks locks = new BlockLocks();

    private UnalignedExport(Export export) {
        super(export);
        this.export = export;
        final BlockSize size = export.blockSize();
        blockSize = new BlockSize(1, size.preferred(), size.maximumPayload());
    }

    /** The same export for requests of any alignment; itself when it takes them already. */
    public static Export of(Export export) {
        return export.blockSize().minimum() == 1 ? export : new UnalignedExport(export);
    }

    /** The sizes of the export, with a minimum of 1. */
    @Override
    public BlockSize blockSize() {
        return blockSize;
    }

    @Override
    public ExportSession open() {
        return new UnalignedSession(export.open(), export.blockSize().minimum(), locks);
    }
}
