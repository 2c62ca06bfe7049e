package io.ramzswap.libc;

/** A native library cannot be loaded. */
public final class LibraryMissingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LibraryMissingException(String message, Throwable cause) {
        super(message, cause);
    }
}
