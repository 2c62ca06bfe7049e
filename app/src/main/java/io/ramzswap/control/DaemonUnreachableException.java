package io.ramzswap.control;

import java.io.IOException;

/** No daemon answers. The message is for a person, in one line. */
public final class DaemonUnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    DaemonUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
