package io.ramzswap.cli;

/** The program ends here. The message is for a person, in one line. */
final class FailureException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitStatus;

    FailureException(int exitStatus, String message) {
        super(message);
        this.exitStatus = exitStatus;
    }

    FailureException(int exitStatus, String message, Throwable cause) {
        super(message, cause);
        this.exitStatus = exitStatus;
    }

    int exitStatus() {
        return exitStatus;
    }
}
