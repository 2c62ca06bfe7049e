package io.ramzswap.attach;

import io.ramzswap.device.SlotFrees;
import io.ramzswap.device.SwapExport;
import io.ramzswap.nbd.BlockSize;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.TransmissionFlag;

/** An export of whole pages that holds none. */
public class NoExport implements SwapExport {
    protected NoExport() {}

    /** One that nobody can open. */
    public static SwapExport create() {
        return new NoExport();
    }

    @Override
    public long sizeBytes() {
        return 1 << 20;
    }

    @Override
    public int transmissionFlags() {
        return TransmissionFlag.SEND_FLUSH | TransmissionFlag.SEND_TRIM | TransmissionFlag.SEND_WRITE_ZEROES;
    }

    @Override
    public BlockSize blockSize() {
        return new BlockSize(4096, 4096, 1 << 20);
    }

    @Override
    public ExportSession open() {
        throw new UnsupportedOperationException("open");
    }

    @Override
    public SlotFrees openSlotFrees() {
        throw new UnsupportedOperationException("openSlotFrees");
    }
}
