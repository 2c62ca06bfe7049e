package io.ramzswap.cli;

/** The program {@code ramzswapd}. */
public final class RamzswapdMain {
    private RamzswapdMain() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(Program.run(new RamzswapdCommand(new ThisMachine()), Program.standardOut(), System.err, arguments));
    }
}
