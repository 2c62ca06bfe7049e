package io.ramzswap.control;

import io.ramzswap.refusal.Refusal;
import java.io.IOException;

/** The control socket cannot be made or reached. The message is for a person, in one line. */
public final class ControlSocketException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Refusal code;

    ControlSocketException(Refusal code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What kind of failure it is. */
    public Refusal code() {
        return code;
    }
}
