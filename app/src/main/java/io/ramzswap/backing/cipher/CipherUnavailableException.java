package io.ramzswap.backing.cipher;

/** There is no encryption to be had here. The message is for a person: what happened, and what to do. */
public final class CipherUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    CipherUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    CipherUnavailableException(String message) {
        super(message);
    }
}
