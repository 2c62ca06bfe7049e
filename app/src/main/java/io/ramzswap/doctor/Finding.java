package io.ramzswap.doctor;

import java.util.List;

/**
 * The result of a check.
 *
 * @param check the check's name, which stays the same from version to version
 * @param severity how bad it is
 * @param message what was found and what comes of it, in one line
 * @param cures commands, each a line for a root shell, that cure it; empty if none is needed
 */
public record Finding(String check, Severity severity, String message, List<String> cures) {
    /** As it should be. */
    static Finding ok(String check, String message) {
        return new Finding(check, Severity.OK, message, List.of());
    }

    /** Worth knowing. */
    static Finding note(String check, String message, String... cures) {
        return new Finding(check, Severity.NOTE, message, List.of(cures));
    }

    /** Should be changed. */
    static Finding warning(String check, String message, String... cures) {
        return new Finding(check, Severity.WARNING, message, List.of(cures));
    }

    /** Has to be changed. */
    static Finding error(String check, String message, String... cures) {
        return new Finding(check, Severity.ERROR, message, List.of(cures));
    }
}
