package io.ramzswap.allocator.debug;

/** An allocator was used wrongly. The message says how; its cause and suppressed errors are who allocated and freed. */
public final class MisuseError extends AssertionError {
    private static final long serialVersionUID = 1L;

    MisuseError(String message, Throwable allocatedBy) {
        super(message, allocatedBy);
    }
}
