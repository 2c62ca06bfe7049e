package io.ramzswap.attach;

import io.ramzswap.control.ErrorCode;

/** An operation is refused, and nothing has changed. The message is for a person: what was wanted, what happened, what to do. */
public final class OperationException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /** A refusal. */
    public OperationException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    /** A refusal, and what lies behind it. */
    public OperationException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What kind of refusal. */
    public ErrorCode code() {
        return code;
    }
}
