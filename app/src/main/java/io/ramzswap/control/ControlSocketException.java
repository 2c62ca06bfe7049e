package io.ramzswap.control;

import java.io.IOException;

/** The control socket cannot be made or reached. The message is for a person, in one line. */
public final class ControlSocketException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    ControlSocketException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What kind of failure it is. */
    public ErrorCode code() {
        return code;
    }
}
