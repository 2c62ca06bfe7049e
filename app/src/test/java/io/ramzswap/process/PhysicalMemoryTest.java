package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PhysicalMemoryTest {
    @Test
    void shouldReadTheTotal() {
        assertThat(PhysicalMemory.totalBytes(
                        List.of("MemFree:  1 kB", "MemTotal:       24684080 kB", "MemAvailable: 2 kB")))
                .isEqualTo(24684080L * 1024);
    }

    @Test
    void shouldNotGuessATotalThatIsNotThere() {
        assertThatThrownBy(() -> PhysicalMemory.totalBytes(List.of("MemFree: 1 kB")))
                .hasMessage("no MemTotal: in /proc/meminfo");
    }

    @Test
    void shouldKnowThisMachine() {
        assertThat(PhysicalMemory.totalBytes())
                .isGreaterThan(Runtime.getRuntime().totalMemory());
    }
}
