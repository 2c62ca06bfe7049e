package io.ramzswap.nbd.kernel;

import java.io.IOException;

/** The kernel would not do what was asked. The message says why and what to do. */
public final class KernelException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Kinds that a caller may want to tell apart. */
    public enum Reason {
        /** The nbd driver is not loaded. */
        NO_DRIVER,
        /** The device is attached already, or is swap, mounted or open. */
        BUSY,
        /** This process may not do that. */
        NOT_PERMITTED,
        /** Something else. */
        FAILED
    }

    private final Reason reason;

    /** With a message for people. */
    public KernelException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What kind of refusal it is. */
    public Reason reason() {
        return reason;
    }
}
