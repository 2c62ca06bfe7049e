package io.ramzswap.allocator.arena;

import io.ramzswap.allocator.libc.Errno;

/** Memory could not be had or mapped; the message says what was wanted, what happened and what to do. */
public final class SharedMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure explained in full by its message. */
    public SharedMemoryException(String message) {
        super(message);
    }

    static SharedMemoryException of(String wanted, int errno) {
        return new SharedMemoryException(wanted + ": " + Errno.describe(errno));
    }
}
