package io.ramzswap.cli;

/** How the daemon's log looks; logback.xml reads it. To be called before the first logger is made. */
final class Logging {
    private Logging() {}

    /** Under systemd the journal has the time; elsewhere it is printed. */
    static void configure(boolean verbose) {
        System.setProperty("ramzswap.log.level", verbose ? "DEBUG" : "INFO");
        boolean journal = System.getenv("JOURNAL_STREAM") != null;
        System.setProperty("ramzswap.log.time", journal ? "" : "%d{HH:mm:ss.SSS} ");
    }
}
