package io.ramzswap.control;

import java.io.IOException;

/** Bytes that are not a message of the control protocol. The message says what is wrong with them. */
public sealed class MalformedMessageException extends IOException permits LineChannel.CutOffException {
    private static final long serialVersionUID = 1L;

    MalformedMessageException(String message) {
        super(message);
    }

    MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
