package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.refusal.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Command;

class ProgramTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    static Stream<Named<Program.Verbose>> programs() {
        return Stream.of(
                Named.of("rzscontrol", new RzscontrolCommand()),
                Named.of("ramzswapd", new RamzswapdCommand(new ThisMachine())));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void shouldFailWhenItsOutputCannotBeWritten(Program.Verbose program) throws IOException {
        try (OutputStream full = new FileOutputStream("/dev/full")) {
            assertThat(Program.run(program, full, err, "--version")).isEqualTo(ExitStatus.INTERNAL);
        }

        assertThat(err.toString(StandardCharsets.UTF_8))
                .matches("(rzscontrol|ramzswapd): standard output could not be written: No space left on device\n");
    }

    @Test
    void shouldFailWhenTheReportOfAConfigurationCannotBeWritten() throws IOException {
        Path config = Files.writeString(directory.resolve("a.conf"), "[rz0]\ndisksize = 64M\n");
        try (OutputStream full = new FileOutputStream("/dev/full")) {
            assertThat(Program.run(new RamzswapdCommand(new ThisMachine()), full, err, "--check", "--config=" + config))
                    .isEqualTo(ExitStatus.INTERNAL);
        }

        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("ramzswapd: standard output could not be written: No space left on device\n");
    }

    @Test
    void shouldNotMindAReaderThatHasSeenEnough() throws IOException {
        try (OutputStream out = abandoned()) {
            assertThat(Program.run(new RzscontrolCommand(), out, err, "--help")).isEqualTo(ExitStatus.OK);
        }

        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Command(name = "program")
    private record Failing(boolean verbose, Exception failure) implements Program.Verbose {
        @Override
        public Integer call() throws Exception {
            throw failure;
        }
    }

    @Command(name = "program")
    private record Erring(Error error) implements Program.Verbose {
        @Override
        public boolean verbose() {
            return false;
        }

        @Override
        public Integer call() {
            throw error;
        }
    }

    @Test
    void shouldPrintAStackTraceOfItsOwnFaultsAlone() {
        FailureException refusal =
                new FailureException(Refusal.BUSY.exitStatus(), "busy", new IOException("behind it"));
        FailureException fault = new FailureException(ExitStatus.INTERNAL, "a fault", new IOException("behind it"));

        assertThat(Run.of(new Failing(true, refusal))).isEqualTo(Run.failed(7, "program: busy"));
        assertThat(Run.of(new Failing(false, fault))).isEqualTo(Run.failed(1, "program: a fault"));
        assertThat(Run.of(new Failing(true, fault)).err())
                .startsWith("program: a fault\n")
                .contains("\tat ");
        assertThat(Run.of(new Failing(false, new IllegalStateException("a slip")))
                        .err())
                .startsWith("program: java.lang.IllegalStateException: a slip\n")
                .contains("\tat ");
    }

    @Test
    void shouldNotEndInSilenceWithAnError() {
        Run run = Run.of(new Erring(new NoSuchMethodError("a slip")));

        assertThat(run.status()).isEqualTo(ExitStatus.INTERNAL);
        assertThat(run.err())
                .startsWith("program: java.lang.NoSuchMethodError: a slip\n")
                .contains("\tat ");
    }

    /** As where the directory for temporary files is full, and the library says nothing at all. */
    @Test
    void shouldSayWhatToDoWhereALibraryCannotBeUnpacked() {
        Run run = Run.of(new Erring(new ExceptionInInitializerError(new UnsatisfiedLinkError(null))));

        assertThat(run.status()).isEqualTo(ExitStatus.LIBRARY_MISSING);
        assertThat(run.err())
                .isEqualTo(
                        "program: the native jffi library could not be loaded (java.lang.UnsatisfiedLinkError): make "
                                + System.getProperty("java.io.tmpdir")
                                + " writable and executable, or name another directory with -Djava.io.tmpdir\n");
    }

    /** The end of a pipe whose other end is closed. */
    private static OutputStream abandoned() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().close();
        return Channels.newOutputStream(pipe.sink());
    }
}
