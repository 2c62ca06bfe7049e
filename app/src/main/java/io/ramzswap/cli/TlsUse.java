package io.ramzswap.cli;

import java.util.Locale;

/** Whether clients start TLS. */
enum TlsUse {
    /** They cannot. */
    OFF,
    /** They may. */
    ON,
    /** They have to. */
    REQUIRE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
