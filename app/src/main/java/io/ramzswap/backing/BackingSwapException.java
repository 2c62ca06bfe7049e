package io.ramzswap.backing;

import io.ramzswap.refusal.Refusal;

/** A backing swap cannot be used. The message is for a person: what was wanted, what happened, what to do. */
public final class BackingSwapException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    BackingSwapException(Refusal refusal, String message) {
        super(message);
        this.refusal = refusal;
    }

    BackingSwapException(Refusal refusal, String message, Throwable cause) {
        super(message, cause);
        this.refusal = refusal;
    }

    /** What kind of refusal. */
    public Refusal refusal() {
        return refusal;
    }
}
