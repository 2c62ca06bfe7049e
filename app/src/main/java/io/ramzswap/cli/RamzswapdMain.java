package io.ramzswap.cli;

import java.io.PrintWriter;

/** The program {@code ramzswapd}. */
public final class RamzswapdMain {
    private RamzswapdMain() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(Program.run(
                new RamzswapdCommand(new ThisMachine()),
                new PrintWriter(System.out),
                new PrintWriter(System.err),
                arguments));
    }
}
