package io.ramzswap.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Runs other people's programs in a directory; skips the test where one is not installed. */
public final class Tool {
    private static final int PATIENCE_SECONDS = 60;

    private final Path directory;

    public Tool(Path directory) {
        this.directory = directory;
    }

    /** Runs a command that is expected to succeed; what it prints. */
    public String run(String... command) throws IOException, InterruptedException {
        return runWithStatus(0, command);
    }

    public String runWithStatus(int status, String... command) throws IOException, InterruptedException {
        assumeTrue(isInstalled(command[0]), command[0] + " is not installed");
        final Path log = Files.createTempFile(directory, "tool", ".log");
        final Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        final boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        final String output = Files.readString(log, StandardCharsets.UTF_8);
        assertThat(ended).as("%s ended: %s", command[0], output).isTrue();
        assertThat(process.exitValue()).as("%s: %s", command[0], output).isEqualTo(status);
        return output;
    }

    public static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
