package io.ramzswap.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A program that has run: its exit status and what it printed. */
record Run(int status, String out, String err) {
    static Run of(Program.Verbose command, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Program.run(
                command,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
        return new Run(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** What a program that has nothing to say and has failed looks like. */
    static Run failed(int status, String error) {
        return new Run(status, "", error + "\n");
    }

    /** What a program that has done its work in silence looks like. */
    static Run silent() {
        return new Run(ExitStatus.OK, "", "");
    }
}
