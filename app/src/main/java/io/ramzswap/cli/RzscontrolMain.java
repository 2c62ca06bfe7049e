package io.ramzswap.cli;

/** The program {@code rzscontrol}. */
public final class RzscontrolMain {
    private RzscontrolMain() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(Program.run(new RzscontrolCommand(), Program.standardOut(), System.err, arguments));
    }
}
