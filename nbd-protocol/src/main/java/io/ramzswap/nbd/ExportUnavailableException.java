package io.ramzswap.nbd;

/** An export that cannot be opened now, as one that is being reset. The message is for the client. */
public final class ExportUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message that says why, and what to do. */
    public ExportUnavailableException(String message) {
        super(message);
    }
}
