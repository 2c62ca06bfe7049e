package io.ramzswap.cli;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** How the daemon's log looks; {@link LogConfigurator} reads it. */
final class Logging {
    /** System property: the lowest level that is logged. */
    static final String LEVEL = "ramzswap.log.level";

    /** System property: whether a line has its time. */
    static final String TIME = "ramzswap.log.time";

    private Logging() {}

    /**
     * To be called before the first logger is made. Under systemd the journal has the time; elsewhere it is printed. A level
     * that java was told ({@code -Dramzswap.log.level}) stands.
     */
    static void configure(boolean verbose) {
        System.getProperties().putIfAbsent(LEVEL, verbose ? "DEBUG" : "INFO");
        boolean journal = System.getenv("JOURNAL_STREAM") != null;
        System.setProperty(TIME, String.valueOf(!journal));
    }

    /** Waits, a second at most, until all that was logged is written, and ends the log. */
    static void end() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }
}
