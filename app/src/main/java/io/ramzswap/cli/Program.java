package io.ramzswap.cli;

import io.ramzswap.libc.NativeLibraries;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;

/** Runs a command so that whatever goes wrong ends in one line on standard error and an exit status. */
final class Program {
    private Program() {}

    /** A command that can tell what went wrong in detail. */
    interface Verbose extends Callable<Integer> {
        /** Whether stack traces are wanted, of the program's own faults. */
        boolean verbose();
    }

    /**
     * Runs {@code command}. Answers the exit status: that of the command, but {@link ExitStatus#INTERNAL} if what it had to say
     * could not be written. A pipe whose reader has ended, as head does, is no failure: the reader has what it wanted.
     */
    static int run(Verbose command, OutputStream standardOut, OutputStream standardError, String... arguments) {
        Output output = new Output(standardOut);
        PrintWriter out = writer(output);
        PrintWriter err = writer(standardError);
        CommandLine line = new CommandLine(command)
                .setOut(out)
                .setErr(err)
                .setExecutionStrategy(Program::execute)
                .setParameterExceptionHandler(Program::wrongUse)
                .setExecutionExceptionHandler(
                        (failure, executed, result) -> failed(failure, executed, command.verbose()));
        int status = line.execute(arguments);
        out.flush();
        if (output.failure().isPresent() && !isGone(output.failure().get())) {
            err.println(program(line) + ": standard output could not be written: "
                    + oneLine(output.failure().get().getMessage()));
            status = ExitStatus.INTERNAL;
        }
        err.flush();
        return status;
    }

    /** Standard output that tells when it cannot be written, as {@code System.out} does not. */
    static OutputStream standardOut() {
        return new FileOutputStream(FileDescriptor.out);
    }

    /** Java has no other word for EPIPE than the C library's, which is English by what started us. */
    private static boolean isGone(IOException failure) {
        return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe");
    }

    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    /** A stream that knows why it could not be written first. A writer tells no more than that. */
    private static final class Output extends FilterOutputStream {
        private IOException failure;

        Output(OutputStream stream) {
            super(stream);
        }

        Optional<IOException> failure() {
            return Optional.ofNullable(failure);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failure = failure == null ? e : failure;
                throw e;
            }
        }
    }

    /** What was given before a command's name belongs to the program without one, and would be dropped in silence. */
    private static int execute(ParseResult result) {
        if (result.hasSubcommand()) {
            for (ArgSpec given : result.matchedArgs()) {
                if (!goesWithCommands(given)) {
                    String name = given.isOption() ? ((OptionSpec) given).longestName() : given.paramLabel();
                    throw new ParameterException(
                            result.commandSpec().commandLine(),
                            name + " does not go with the command '"
                                    + result.subcommand().commandSpec().name() + "'; options of a command follow it");
                }
            }
        }
        CommandLine line = result.commandSpec().commandLine();
        try {
            return new RunLast().execute(result);
        } catch (Error e) {
            // Nobody else tells of it: a daemon's log has ended by now.
            return isLibraryMissing(e) ? libraryMissing(e, line) : failed(e, line, true);
        }
    }

    private static int libraryMissing(Error failure, CommandLine line) {
        line.getErr()
                .println(program(line) + ": "
                        + oneLine(NativeLibraries.notUnpacked("jffi", failure).getMessage()));
        return ExitStatus.LIBRARY_MISSING;
    }

    /** What calls the C library is unpacked when it is needed first; a class that needs it fails with it. */
    private static boolean isLibraryMissing(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnsatisfiedLinkError) {
                return true;
            }
        }
        return false;
    }

    private static boolean goesWithCommands(ArgSpec given) {
        return given.isOption()
                && (given.scopeType() == ScopeType.INHERIT
                        || ((OptionSpec) given).usageHelp()
                        || ((OptionSpec) given).versionHelp());
    }

    private static int wrongUse(ParameterException wrong, String... arguments) {
        CommandLine line = wrong.getCommandLine();
        line.getErr()
                .println(program(line) + ": " + oneLine(withoutPrefix(wrong.getMessage())) + "; see "
                        + line.getCommandSpec().qualifiedName() + " --help");
        return ExitStatus.USAGE;
    }

    /** Picocli begins some of its messages with a word that says nothing. */
    private static String withoutPrefix(String message) {
        return message.startsWith("Error: ") ? message.substring("Error: ".length()) : message;
    }

    private static String program(CommandLine line) {
        return line.getCommandSpec().root().name();
    }

    private static int failed(Throwable failure, CommandLine line, boolean verbose) {
        boolean foreseen = failure instanceof FailureException;
        int status = foreseen ? ((FailureException) failure).exitStatus() : ExitStatus.INTERNAL;
        line.getErr().println(program(line) + ": " + oneLine(foreseen ? failure.getMessage() : failure.toString()));
        // A refusal is said in full by its line; where in the program it was said helps nobody.
        if (!foreseen || (verbose && status == ExitStatus.INTERNAL)) {
            failure.printStackTrace(line.getErr());
        }
        return status;
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\s*\\R\\s*", " ").strip();
    }
}
