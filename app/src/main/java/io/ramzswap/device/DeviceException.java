package io.ramzswap.device;

/** A device could not be made. The message is for a person: what was wanted, what happened, what to do. */
public final class DeviceException extends Exception {
    private static final long serialVersionUID = 1L;

    /** A reason in words. */
    public DeviceException(String message) {
        super(message);
    }

    /** A reason in words, and what lies behind it. */
    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
