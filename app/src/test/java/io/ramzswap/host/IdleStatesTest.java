package io.ramzswap.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdleStatesTest {
    @TempDir
    private Path root;

    private OptionalInt latencyWorthAsking() {
        return new IdleStates(new Host(root)).latencyWorthAsking();
    }

    private void machine(String driver, int... latencies) throws IOException {
        Path processors = root.resolve("sys/devices/system/cpu");
        Files.createDirectories(processors.resolve("cpuidle"));
        Files.writeString(processors.resolve("cpuidle/current_driver"), driver + "\n");
        for (int i = 0; i < latencies.length; i++) {
            Path state = Files.createDirectories(processors.resolve("cpu0/cpuidle/state" + i));
            Files.writeString(state.resolve("latency"), latencies[i] + "\n");
        }
    }

    @Test
    void shouldKeepVirtualProcessorsFromHalting() throws IOException {
        machine("haltpoll", 0, 1);
        assertThat(latencyWorthAsking()).hasValue(0);
    }

    @Test
    void shouldLetRealProcessorsHaveTheirFirstState() throws IOException {
        machine("intel_idle", 0, 2, 10, 133);
        assertThat(latencyWorthAsking()).hasValue(2);
    }

    @Test
    void shouldNotTakeTheOrderOfFilesForThatOfLatencies() throws IOException {
        machine("acpi_idle", 0, 350, 1, 18);
        assertThat(latencyWorthAsking()).hasValue(1);
    }

    @Test
    void shouldAskForNothingWhereThereIsNoChoice() throws IOException {
        assertThat(latencyWorthAsking()).isEmpty();
        machine("none");
        assertThat(latencyWorthAsking()).isEmpty();
        machine("acpi_idle", 0, 1);
        assertThat(latencyWorthAsking()).isEmpty();
    }
}
