package io.ramzswap.control;

import java.io.IOException;

/** No daemon answers. The message is for a person, in one line. */
public final class DaemonUnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean silent;

    DaemonUnreachableException(String message, Throwable cause) {
        this(message, cause, false);
    }

    DaemonUnreachableException(String message, Throwable cause, boolean silent) {
        super(message, cause);
        this.silent = silent;
    }

    /** Whether there is one, which says nothing for longer than it should take. */
    public boolean isSilent() {
        return silent;
    }
}
