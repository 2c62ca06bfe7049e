package io.ramzswap.process;

/**
 * The outcome of an attempt to protect the process.
 *
 * @param held whether the protection is there
 * @param problem if it is not: what failed, why, and what to do, in one line; else empty
 */
public record Guard(boolean held, String problem) {
    /** The protection is there. */
    public static final Guard HELD = new Guard(true, "");

    /** The protection is not there. */
    public static Guard missing(String problem) {
        return new Guard(false, problem);
    }
}
