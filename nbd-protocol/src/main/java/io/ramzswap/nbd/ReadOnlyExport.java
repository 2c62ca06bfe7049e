package io.ramzswap.nbd;

/** An export that clients may look at and not change: the connection refuses every command that would. */
public final class ReadOnlyExport extends ForwardingExport {
    private static final int CHANGING =
            TransmissionFlag.SEND_TRIM | TransmissionFlag.SEND_WRITE_ZEROES | TransmissionFlag.SEND_FAST_ZERO;

    /** The same export for readers. */
    public ReadOnlyExport(Export export) {
        super(export);
    }

    @Override
    public int transmissionFlags() {
        return (super.transmissionFlags() & ~CHANGING) | TransmissionFlag.READ_ONLY;
    }
}
