package io.ramzswap.backing;

/** A backing swap cannot be used. The message is for a person: what was wanted, what happened, what to do. */
public final class BackingSwapException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Kinds of refusal. */
    public enum Reason {
        /** There is no such file. */
        MISSING,
        /** It is there, but no swap area that can be used. */
        UNSUITABLE,
        /** Somebody uses it. */
        BUSY,
        /** This machine has no encryption. */
        NO_ENCRYPTION,
        /** It may not be written. */
        NOT_PERMITTED,
        /** The disk or the kernel failed. */
        FAILED
    }

    BackingSwapException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    BackingSwapException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What kind of refusal. */
    public Reason reason() {
        return reason;
    }
}
