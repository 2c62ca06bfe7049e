package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.control.ControlReply;
import io.ramzswap.control.ControlRequest;
import io.ramzswap.control.ControlServer;
import io.ramzswap.control.Operation;
import io.ramzswap.process.ProcessInspector;
import io.ramzswap.refusal.Refusal;
import io.ramzswap.swap.FakeSwapAreas;
import io.ramzswap.swap.MemoryUse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ramzswapd asks of a daemon that runs already. */
class RunningDaemonTest {
    @TempDir
    private Path directory;

    private ControlServer server;
    private ControlReply reloaded = ControlReply.done(List.of("a difference", "another"));

    @BeforeEach
    void start() throws IOException {
        server = ControlServer.start(directory.resolve("c"), this::answer);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldTellWhatComesOfAReload() throws FailureException {
        assertThat(daemon().reload()).containsExactly("a difference", "another");
    }

    @Test
    void shouldSayWhyThereIsNoReload() {
        reloaded = ControlReply.failed(Refusal.INVALID_VALUE, "ramzswap.conf:3: a mistake");

        assertThatThrownBy(() -> daemon().reload())
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.exitStatus()).isEqualTo(ExitStatus.USAGE))
                .hasMessage("ramzswap.conf:3: a mistake");
    }

    @Test
    void shouldSwapOffOnlyWhatTheDaemonServes() throws Exception {
        memory(100);

        assertThat(daemon().swapOff(MemoryUse.in(directory), new FakeSwapAreas(), () -> {}))
                .containsExactly("/dev/nbd1");
    }

    /** The daemon has no such device, whatever else it says of those that are not its own. */
    @Test
    void shouldLeaveAPartitionOfAnothersDeviceAlone() throws Exception {
        memory(100);
        Files.writeString(directory.resolve("swaps"), "/dev/nbd7p1 partition 64 8 1\n", StandardOpenOption.APPEND);

        assertThat(daemon().swapOff(MemoryUse.in(directory), new FakeSwapAreas(), () -> {}))
                .containsExactly("/dev/nbd1");
    }

    @Test
    void shouldEndWithTheStatusOfTooLittleMemory() throws Exception {
        memory(7);

        assertThatThrownBy(() -> daemon().swapOff(MemoryUse.in(directory), new FakeSwapAreas(), () -> {}))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.exitStatus()).isEqualTo(Refusal.NO_MEMORY.exitStatus()))
                .hasMessageStartingWith("not swapped off: ");
    }

    @Test
    void shouldKnowWhetherADaemonAnswers() {
        assertThat(daemon().answers()).isTrue();
        assertThat(new RunningDaemon(directory.resolve("nobody")).answers()).isFalse();
    }

    private RunningDaemon daemon() {
        return new RunningDaemon(directory.resolve("c"));
    }

    private ControlReply answer(ControlRequest request) {
        if (request.operation() == Operation.RELOAD) {
            return reloaded;
        }
        if (request.operation() == Operation.PROCESS) {
            return process();
        }
        if (request.device().equals("/dev/nbd7p1")) {
            return ControlReply.failed(Refusal.NO_DEVICE, "it is none");
        }
        return request.device().equals("/dev/nbd0")
                ? ControlReply.failed(Refusal.NOT_INITIALISED, "it is another's")
                : ControlReply.failed(Refusal.INTERNAL, "it is ours, and ill");
    }

    private static ControlReply process() {
        try {
            return ControlReply.of(new ProcessInspector().statistics());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void memory(long availableKibibytes) throws IOException {
        Files.writeString(
                directory.resolve("swaps"),
                "Filename Type Size Used Priority\n/dev/nbd0 partition 64 60 1\n/dev/nbd1 partition 64 8 1\n");
        Files.writeString(directory.resolve("meminfo"), "MemAvailable: " + availableKibibytes + " kB\n");
    }
}
