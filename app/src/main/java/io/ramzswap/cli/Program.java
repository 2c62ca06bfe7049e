package io.ramzswap.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Runs a command so that whatever goes wrong ends in one line on standard error and an exit status. */
final class Program {
    private Program() {}

    /** A command that can tell what went wrong in detail. */
    interface Verbose extends Callable<Integer> {
        /** Whether stack traces are wanted. */
        boolean verbose();
    }

    /** Runs {@code command}. Answers the exit status. */
    static int run(Verbose command, PrintStream standardOut, PrintStream standardError, String... arguments) {
        PrintWriter out = writer(standardOut);
        PrintWriter err = writer(standardError);
        CommandLine line = new CommandLine(command)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(Program::wrongUse)
                .setExecutionExceptionHandler(
                        (failure, executed, result) -> failed(failure, executed, command.verbose()));
        int status = line.execute(arguments);
        out.flush();
        err.flush();
        return status;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private static int wrongUse(ParameterException wrong, String... arguments) {
        CommandLine line = wrong.getCommandLine();
        String name = line.getCommandName();
        line.getErr().println(name + ": " + oneLine(wrong.getMessage()) + "; see " + name + " --help");
        return ExitStatus.USAGE;
    }

    private static int failed(Exception failure, CommandLine line, boolean verbose) {
        boolean foreseen = failure instanceof FailureException;
        line.getErr()
                .println(line.getCommandName() + ": " + oneLine(foreseen ? failure.getMessage() : failure.toString()));
        if (verbose || !foreseen) {
            failure.printStackTrace(line.getErr());
        }
        return foreseen ? ((FailureException) failure).exitStatus() : ExitStatus.INTERNAL;
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\s*\\R\\s*", " ").strip();
    }
}
