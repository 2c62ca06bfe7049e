package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.cli.Tree;
import io.ramzswap.host.Host;
import io.ramzswap.host.IdleStates;
import io.ramzswap.nbd.transport.CpuLatency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuLatencyRequestTest {
    @TempDir
    private Path directory;

    private CpuLatency open(Path device, String setting) {
        return new CpuLatencyRequest(device, new IdleStates(new Host(directory)))
                .open(CpuLatencySetting.parse(setting));
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
        new Tree(directory).file("/sys/devices/system/cpu/cpuidle/current_driver", "haltpoll\n");

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
        new Tree(directory)
                .file("/sys/devices/system/cpu/cpuidle/current_driver", "acpi_idle\n")
                .file("/sys/devices/system/cpu/cpu0/cpuidle/state0/latency", "none\n");

        assertThat(open(device(), "auto")).isSameAs(CpuLatency.ANY);
    }
}
