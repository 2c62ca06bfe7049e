package io.ramzswap.compress;

/** A native library could not be loaded. The message is for a person, in one line. */
public final class LibraryMissingException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    LibraryMissingException(String message, Throwable cause) {
        super(message, cause);
    }
}
