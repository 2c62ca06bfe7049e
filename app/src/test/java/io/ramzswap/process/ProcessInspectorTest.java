package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.host.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a /proc of our own making, and the real one. */
class ProcessInspectorTest {
    private static final long MORE_THAN_ANY_HOST_HAS = 1L << 50;

    @TempDir
    private Path directory;

    private Path process;
    private Path groups;

    @BeforeEach
    void makeProcess() throws IOException {
        process = Files.createDirectories(directory.resolve("proc/self"));
        groups = Files.createDirectories(directory.resolve("sys/fs/cgroup"));
        write(process.resolve("status"), "VmRSS:\t  300 kB\nRssShmem:\t  200 kB\nVmSwap:\t   4 kB\n");
        write(process.resolve("smaps"), """
                55d0-55d8 rw-p 00000000 00:00 0                          [heap]
                Rss:                 296 kB
                VmFlags: rd wr mr mw me lo ac
                55d8-55e0 rw-p 00000000 00:00 0
                Rss:                   8 kB
                VmFlags: rd wr mr mw me ac
                7ffe-7fff r-xp 00000000 00:00 0                          [vdso]
                Rss:                   4 kB
                VmFlags: rd ex mr mw me de
                """);
        write(process.resolve("oom_score_adj"), "-1000\n");
        write(process.resolve("cgroup"), "0::/system.slice/ramzswap.service\n");
        thread(1, "java", 0x0018_0040, 0);
        thread(2, "a) S (b", 0x0008_0040, 2);
    }

    private void thread(int id, String name, int flags, int policy) throws IOException {
        String stat = id + " (" + name + ") S 1 1 1 0 -1 " + flags + " 0".repeat(31) + " " + policy + " 0 0\n";
        write(Files.createDirectories(process.resolve("task/" + id)).resolve("stat"), stat);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void shouldCountThreadByThread() throws IOException {
        ProcessStatistics statistics = new ProcessInspector(new Host(directory)).statistics();

        assertThat(statistics)
                .isEqualTo(new ProcessStatistics(
                        100 << 10,
                        296 << 10,
                        8 << 10,
                        4 << 10,
                        2,
                        1,
                        1,
                        -1000,
                        new MemoryCgroup(MemoryCgroup.NONE, MemoryCgroup.NONE, 0),
                        CpuLatencyStatistics.NONE,
                        "/system.slice/ramzswap.service"));
    }

    @Test
    void shouldTakeTheLeastLimitOfAllGroupsAbove() throws IOException {
        write(groups.resolve("system.slice/memory.max"), "1048576\n");
        write(groups.resolve("system.slice/memory.high"), "max\n");
        write(groups.resolve("system.slice/memory.min"), "4096\n");
        write(groups.resolve("system.slice/ramzswap.service/memory.max"), "2097152\n");
        write(groups.resolve("system.slice/ramzswap.service/memory.min"), "8192\n");

        assertThat(new ProcessInspector(new Host(directory)).statistics().cgroup())
                .isEqualTo(new MemoryCgroup(1048576, MemoryCgroup.NONE, 4096));
        assertThat(new ProcessInspector(new Host(directory)).cgroupGuard())
                .isEqualTo(
                        Guard.missing("the daemon is in a control group of limited memory, and is killed when it fills"
                                + " it: the limit is 1024 kB, and sizes follow that; for more, set MemoryMax=infinity and"
                                + " MemoryHigh=infinity in its unit and the slices above"));
    }

    @Test
    void shouldTellAGroupThatStallsFromOneThatKills() {
        assertThat(new MemoryCgroup(MemoryCgroup.NONE, 2048, 0).guard().problem())
                .contains("is stalled when it fills it: memory.high is 2 kB");
        assertThat(new MemoryCgroup(MemoryCgroup.NONE, MemoryCgroup.NONE, 0).guard())
                .isEqualTo(Guard.HELD);
    }

    @Test
    void shouldKnowThisProcess() throws IOException {
        ProcessStatistics statistics = new ProcessInspector().statistics();

        assertThat(statistics.threads()).isGreaterThan(5);
        assertThat(statistics.ioFlusherThreads()).isLessThanOrEqualTo(statistics.threads());
        assertThat(statistics.ownBytes())
                .isGreaterThan(Runtime.getRuntime().totalMemory() / 16)
                .isLessThan(MORE_THAN_ANY_HOST_HAS);
    }
}
