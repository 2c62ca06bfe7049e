package io.ramzswap.config;

/** A configuration that cannot be used. The message, one line for a person, begins with the file and, mostly, the line. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Something is wrong there. */
    public ConfigException(Origin origin, String message) {
        super(origin + ": " + message);
    }

    /** Something is wrong there, and what lies behind it. */
    public ConfigException(Origin origin, String message, Throwable cause) {
        super(origin + ": " + message, cause);
    }
}
