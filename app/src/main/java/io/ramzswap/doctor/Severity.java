package io.ramzswap.doctor;

import java.util.Locale;

/** The severity of a finding, lowest first. */
public enum Severity {
    /** As it should be. */
    OK,
    /** Worth knowing; nothing has to be done. */
    NOTE,
    /** Swap works, and something makes it slower, smaller or less safe than it could be. */
    WARNING,
    /** Swap cannot be served, or the machine may freeze. */
    ERROR;

    /** In lower case, as it is printed. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
