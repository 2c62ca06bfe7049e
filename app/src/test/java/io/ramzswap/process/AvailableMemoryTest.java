package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.host.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What control groups leave is {@code ControlGroupsTest}'s; here it meets what the host has. */
class AvailableMemoryTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path root;

    @BeforeEach
    void makeHost() throws IOException {
        write("proc/meminfo", "MemTotal: 8388608 kB\nMemAvailable: 4194304 kB\n");
        write("proc/self/cgroup", "0::/a.slice\n");
        write("sys/fs/cgroup/a.slice/memory.current", 250 * MIB + "\n");
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void shouldBeWhatTheHostHasWhereNoGroupHasALimit() throws IOException {
        write("sys/fs/cgroup/a.slice/memory.max", "max\n");

        assertThat(AvailableMemory.of(new Host(root))).isEqualTo(new AvailableMemory(4096 * MIB, "MemAvailable"));
    }

    @Test
    void shouldBeWhatAGroupLeavesAndNameItsLimit() throws IOException {
        write("sys/fs/cgroup/a.slice/memory.max", 300 * MIB + "\n");

        assertThat(AvailableMemory.of(new Host(root)))
                .isEqualTo(new AvailableMemory(50 * MIB, "/sys/fs/cgroup/a.slice/memory.max"));
    }

    @Test
    void shouldBeWhatTheHostHasWhereAGroupLeavesMore() throws IOException {
        write("sys/fs/cgroup/a.slice/memory.high", 8192 * MIB + "\n");

        assertThat(AvailableMemory.of(new Host(root)).bound()).isEqualTo("MemAvailable");
    }

    @Test
    void shouldNotBeBoundByWhatCannotBeRead() throws IOException {
        Files.delete(root.resolve("proc/meminfo"));

        assertThat(AvailableMemory.of(new Host(root))).isEqualTo(AvailableMemory.UNBOUNDED);
    }

    @Test
    void shouldBeReadableHere() {
        assertThat(AvailableMemory.now().bytes()).isPositive();
    }
}
