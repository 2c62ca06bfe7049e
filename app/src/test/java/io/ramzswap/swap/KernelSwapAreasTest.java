package io.ramzswap.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.refusal.OperationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KernelSwapAreasTest {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    private Path directory;

    /** A program that is ended while swapoff is at work. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws OperationException {
            areas(Path.of(arguments[0])).off("/dev/nbd0");
        }
    }

    @Test
    void shouldNotLeaveASwapoffBehindWhenASignalEndsIt() throws Exception {
        // Given one that takes its time to end, too.
        playSwapoff("trap 'kill $!; sleep 1; echo ended >ended; exit 1' TERM", "sleep 60 &", "echo $$ >pid", "wait");
        Process program = new ProcessBuilder(
                        JAVA,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        ProcessHandle swapoff = ProcessHandle.of(awaitPid()).orElseThrow();

        program.destroy();

        assertThat(program.waitFor()).isEqualTo(143);
        assertThat(directory.resolve("ended")).exists();
        assertThat(swapoff.isAlive()).isFalse();
    }

    @Test
    void shouldSayWhatSwapoffSaid() throws IOException {
        playSwapoff("echo 'swapoff: /dev/nbd0: swapoff failed: Invalid argument' >&2", "exit 255");

        assertThatThrownBy(() -> areas(directory).off("/dev/nbd0"))
                .hasMessage("swapoff /dev/nbd0 failed: swapoff: /dev/nbd0: swapoff failed: Invalid argument");
    }

    private static KernelSwapAreas areas(Path directory) {
        return new KernelSwapAreas(MemoryUse.in(directory), directory + ":/usr/bin:/bin");
    }

    private void playSwapoff(String... lines) throws IOException {
        Path program = Files.writeString(
                directory.resolve("swapoff"), "#!/bin/sh\ncd " + directory + "\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private long awaitPid() throws IOException, InterruptedException {
        Path file = directory.resolve("pid");
        while (!Files.exists(file) || !Files.readString(file).endsWith("\n")) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return Long.parseLong(Files.readString(file).strip());
    }
}
