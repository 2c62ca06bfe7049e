package io.ramzswap.nbd.transmission;

/**
 * The options that a client negotiated for the transmission phase.
 *
 * @param form how requests and replies look
 * @param allocationContext whether "base:allocation" was chosen
 * @param stateContext whether the export's own context was chosen
 */
public record TransmissionMode(Form form, boolean allocationContext, boolean stateContext) {
    /** The identifier of "base:allocation". */
    public static final int ALLOCATION_CONTEXT_ID = 1;
    /** The identifier of the export's own context. */
    public static final int STATE_CONTEXT_ID = 2;
    /** Nothing was negotiated, as with the kernel. */
    public static final TransmissionMode SIMPLE = new TransmissionMode(Form.SIMPLE, false, false);

    /** Forms of requests and replies. */
    public enum Form {
        /** Compact requests, simple replies. */
        SIMPLE,
        /** Compact requests, structured replies. */
        STRUCTURED,
        /** Extended requests and replies. */
        EXTENDED
    }

    /** Whether replies come in chunks. */
    public boolean isChunked() {
        return form != Form.SIMPLE;
    }

    /** Whether any metadata context was chosen. */
    public boolean hasContext() {
        return allocationContext || stateContext;
    }

    boolean isExtended() {
        return form == Form.EXTENDED;
    }
}
