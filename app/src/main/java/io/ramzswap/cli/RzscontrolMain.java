package io.ramzswap.cli;

import java.io.PrintWriter;

/** The program {@code rzscontrol}. */
public final class RzscontrolMain {
    private RzscontrolMain() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(Program.run(
                new RzscontrolCommand(), new PrintWriter(System.out), new PrintWriter(System.err), arguments));
    }
}
