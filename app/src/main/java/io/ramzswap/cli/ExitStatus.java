package io.ramzswap.cli;

import io.ramzswap.control.ErrorCode;

/** The exit statuses of both programs. {@code --help} lists them. */
final class ExitStatus {
    static final int OK = 0;
    static final int INTERNAL = 1;
    static final int USAGE = 2;
    static final int UNREACHABLE = 3;
    static final int NOT_PERMITTED = 4;
    static final int NO_DEVICE = 5;
    static final int NOT_INITIALISED = 6;
    static final int BUSY = 7;
    static final int NO_DRIVER = 8;
    static final int NO_MEMORY = 9;
    static final int UNPROTECTED = 10;
    static final int UNSUPPORTED = 11;
    static final int SHOULD_BE_CHANGED = 12;
    static final int HAS_TO_BE_CHANGED = 13;
    static final int BACKING_FAILED = 14;
    static final int LIBRARY_MISSING = 15;

    private ExitStatus() {}

    static int of(ErrorCode code) {
        return switch (code) {
            case INVALID_VALUE -> USAGE;
            case NO_DEVICE -> NO_DEVICE;
            case NOT_INITIALISED -> NOT_INITIALISED;
            case BUSY -> BUSY;
            case NO_DRIVER -> NO_DRIVER;
            case NOT_PERMITTED -> NOT_PERMITTED;
            case NO_MEMORY -> NO_MEMORY;
            case UNPROTECTED -> UNPROTECTED;
            case BACKING_FAILED -> BACKING_FAILED;
            case LIBRARY_MISSING -> LIBRARY_MISSING;
            case UNSUPPORTED -> UNSUPPORTED;
            case BAD_REQUEST, INTERNAL -> INTERNAL;
        };
    }
}
