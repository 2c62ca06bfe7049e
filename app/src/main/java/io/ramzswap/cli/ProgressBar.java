package io.ramzswap.cli;

import java.io.PrintWriter;

/** One line on a terminal that tells how far something is, and is gone when that is done. */
final class ProgressBar implements AutoCloseable {
    private static final int WIDTH = 40;
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintWriter terminal;
    private final boolean shown;
    private int lastPercent = -1;

    /** On {@code terminal}, if it is one. */
    ProgressBar(PrintWriter terminal, boolean shown) {
        this.terminal = terminal;
        this.shown = shown;
    }

    /** Shows {@code share}, from 0 to 1. */
    void at(double share) {
        int percent = (int) (100 * share);
        if (shown && percent != lastPercent) {
            lastPercent = percent;
            int filled = percent * WIDTH / 100;
            terminal.print("\r[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + percent + " %");
            terminal.flush();
        }
    }

    @Override
    public void close() {
        if (shown && lastPercent >= 0) {
            terminal.print(ERASE_LINE);
            terminal.flush();
        }
    }
}
