package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvailableMemoryTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path directory;

    private Path proc;
    private Path groups;

    @BeforeEach
    void makeHost() throws IOException {
        proc = directory.resolve("proc");
        groups = directory.resolve("cgroup");
        write(proc.resolve("meminfo"), "MemTotal: 8388608 kB\nMemAvailable: 4194304 kB\n");
        write(proc.resolve("self/cgroup"), "0::/a.slice/b.service\n");
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void group2(String path, String max, String high, long usedMib, long inactiveFileMib) throws IOException {
        Path group = groups.resolve(path);
        write(group.resolve("memory.max"), max + "\n");
        write(group.resolve("memory.high"), high + "\n");
        write(group.resolve("memory.current"), usedMib * MIB + "\n");
        write(group.resolve("memory.stat"), "anon 1\ninactive_file " + inactiveFileMib * MIB + "\n");
    }

    private void group1(String path, long limitBytes, long usedMib, long inactiveFileMib) throws IOException {
        Path group = groups.resolve("memory").resolve(path);
        write(group.resolve("memory.limit_in_bytes"), limitBytes + "\n");
        write(group.resolve("memory.usage_in_bytes"), usedMib * MIB + "\n");
        write(group.resolve("memory.stat"), "inactive_file 1\ntotal_inactive_file " + inactiveFileMib * MIB + "\n");
    }

    private AvailableMemory read() throws IOException {
        return AvailableMemory.read(proc, groups);
    }

    @Test
    void shouldBeWhatTheHostHasWithoutAGroup() throws IOException {
        Files.delete(proc.resolve("self/cgroup"));

        assertThat(read()).isEqualTo(new AvailableMemory(4096 * MIB, "MemAvailable"));
    }

    @Test
    void shouldNotBeBoundByAGroupWithoutALimit() throws IOException {
        group2("a.slice/b.service", "max", "max", 100, 0);

        assertThat(read().bytes()).isEqualTo(4096 * MIB);
    }

    @Test
    void shouldBeWhatTheLeastGroupAboveLeaves() throws IOException {
        group2("a.slice", Long.toString(300 * MIB), "max", 250, 0);
        group2("a.slice/b.service", Long.toString(200 * MIB), "max", 20, 0);

        assertThat(read())
                .isEqualTo(new AvailableMemory(
                        50 * MIB, groups.resolve("a.slice/memory.max").toString()));
    }

    @Test
    void shouldCountTheLimitAtWhichThreadsAreMadeToWait() throws IOException {
        group2("a.slice/b.service", "max", Long.toString(200 * MIB), 20, 0);

        assertThat(read().bytes()).isEqualTo(180 * MIB);
    }

    @Test
    void shouldCountPagesOfFilesThatAreNotUsedAsLeft() throws IOException {
        group2("a.slice/b.service", Long.toString(200 * MIB), "max", 190, 150);

        assertThat(read().bytes()).isEqualTo(160 * MIB);
    }

    @Test
    void shouldBeNothingInAGroupThatIsOverItsLimit() throws IOException {
        group2("a.slice/b.service", Long.toString(200 * MIB), "max", 210, 0);

        assertThat(read().bytes()).isZero();
    }

    @Test
    void shouldKnowGroupsOfVersionOne() throws IOException {
        write(proc.resolve("self/cgroup"), "5:cpu,cpuacct:/x\n4:memory:/docker/c\n1:name=systemd:/x\n");
        group1("docker/c", 200 * MIB, 120, 20);
        group1("docker", 0x7ffffffffffff000L, 500, 0);

        assertThat(read().bytes()).isEqualTo(100 * MIB);
    }

    /** The path is the host's, and the container sees its own group as the root. */
    @Test
    void shouldKnowTheGroupOfAContainerThatSeesNoOther() throws IOException {
        write(proc.resolve("self/cgroup"), "4:memory:/docker/0123\n0::/../..\n");
        group1("", 200 * MIB, 100, 0);

        assertThat(read().bytes()).isEqualTo(100 * MIB);
    }

    @Test
    void shouldBeReadableHere() {
        assertThat(AvailableMemory.now().bytes()).isPositive();
    }
}
