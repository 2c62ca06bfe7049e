package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The real daemon in a process of its own. */
final class DaemonProcess {
    private final Process process;
    private final List<String> seen = new ArrayList<>();

    private DaemonProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param before a command that executes the one it is given, as env; or none
     */
    static DaemonProcess start(List<String> before, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(RamzswapdMain.class.getName());
        command.addAll(List.of(arguments));
        return new DaemonProcess(new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    List<Long> threads() throws IOException {
        List<Long> threads = new ArrayList<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid()), "task"))) {
            tasks.forEach(task -> threads.add(Long.valueOf(task.getFileName().toString())));
        }
        return threads;
    }

    /** Reads the log up to a line that ends like this. */
    void awaitLog(String end) throws IOException {
        String line = process.errorReader().readLine();
        while (line != null && !line.endsWith(end)) {
            seen.add(line);
            line = process.errorReader().readLine();
        }
        assertThat(line).as("after %s", seen).isNotNull();
    }

    /** The lines before those that were awaited. */
    List<String> seen() {
        return seen;
    }

    /** What is logged until the daemon ends. */
    Stream<String> restOfLog() {
        return process.errorReader().lines();
    }

    void terminate() {
        process.toHandle().destroy();
    }

    int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
