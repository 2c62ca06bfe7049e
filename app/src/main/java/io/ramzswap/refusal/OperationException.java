package io.ramzswap.refusal;

/** An operation is refused, and nothing has changed. The message is for a person: what was wanted, what happened, what to do. */
public final class OperationException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal code;

    /** A refusal. */
    public OperationException(Refusal code, String message) {
        super(message);
        this.code = code;
    }

    /** A refusal, and what lies behind it. */
    public OperationException(Refusal code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What kind of refusal. */
    public Refusal code() {
        return code;
    }
}
