package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.transport.CpuLatency;
import io.ramzswap.process.CpuLatencySetting;
import io.ramzswap.process.IdleStates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuLatencyRequestTest {
    @TempDir
    private Path directory;

    private CpuLatency open(Path device, String setting) {
        return new CpuLatencyRequest(device, new IdleStates(directory)).open(CpuLatencySetting.parse(setting));
    }

    private Path device() throws IOException {
        return Files.createFile(directory.resolve("cpu_dma_latency"));
    }

    @Test
    void shouldAskForWhatIsSet() throws IOException {
        try (CpuLatency latency = open(device(), "5")) {
            assertThat(latency.micros()).hasValue(5);
        }
    }

    @Test
    void shouldAskForWhatSuitsTheMachine() throws IOException {
        Files.createDirectories(directory.resolve("cpuidle"));
        Files.writeString(directory.resolve("cpuidle/current_driver"), "haltpoll\n");

        try (CpuLatency latency = open(device(), "auto")) {
            assertThat(latency.micros()).hasValue(0);
        }
    }

    @Test
    void shouldAskForNothingWhereThatIsSet() throws IOException {
        assertThat(open(device(), "off")).isSameAs(CpuLatency.ANY);
    }

    @Test
    void shouldAskForNothingWhereTheMachineHasNoChoice() throws IOException {
        assertThat(open(device(), "auto")).isSameAs(CpuLatency.ANY);
    }

    @Test
    void shouldServeAllTheSameWhereItCannotAsk() {
        assertThat(open(directory.resolve("absent"), "5")).isSameAs(CpuLatency.ANY);
    }

    @Test
    void shouldServeAllTheSameWhereTheKernelsFilesAreStrange() throws IOException {
        Files.createDirectories(directory.resolve("cpuidle"));
        Files.writeString(directory.resolve("cpuidle/current_driver"), "acpi_idle\n");
        Path state = Files.createDirectories(directory.resolve("cpu0/cpuidle/state0"));
        Files.writeString(state.resolve("latency"), "none\n");

        assertThat(open(device(), "auto")).isSameAs(CpuLatency.ANY);
    }
}
