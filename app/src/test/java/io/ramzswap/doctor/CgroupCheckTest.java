package io.ramzswap.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.host.Host;
import io.ramzswap.process.CpuLatencyStatistics;
import io.ramzswap.process.MemoryCgroup;
import io.ramzswap.process.ProcessStatistics;
import io.ramzswap.process.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupCheckTest {
    private static final long MIB = 1 << 20;
    private static final String SESSION = "/user.slice/user-1000.slice/session-3.scope";
    private static final String FROZEN =
            "the daemon is in " + SESSION + ", part of a user's session: when that is frozen for"
                    + " sleep, or ended, everything that is swapped out is frozen or lost with it";

    @TempDir
    private Path root;

    @Test
    void shouldWarnOfADaemonInAUsersSession() {
        assertThat(new CgroupCheck().examine(patient(SESSION, MemoryCgroup.NONE)))
                .containsExactly(Finding.warning("cgroup", FROZEN, Session.CURE));
        assertThat(new CgroupCheck().examine(patient("/system.slice/ramzswap.service", MemoryCgroup.NONE)))
                .containsExactly(Finding.ok("cgroup", "no limit in the way"));
    }

    @Test
    void shouldTellThatADaemonWouldBeInOne() throws IOException {
        Path cgroup = root.resolve("proc/self/cgroup");
        Files.createDirectories(cgroup.getParent());
        Files.writeString(cgroup, "0::" + SESSION + "\n");

        assertThat(new CgroupCheck().examine(new Patient(new Host(root), Optional.empty(), List.of())))
                .containsExactly(Finding.note("cgroup", "if it is started from here, " + FROZEN, Session.CURE));
    }

    @Test
    void shouldMeasureDevicesByWhatTheDaemonMayUse() throws IOException {
        Files.createDirectories(root.resolve("proc"));
        Files.writeString(root.resolve("proc/meminfo"), "MemTotal: 4194304 kB\n");

        assertThat(patient("/a", 200 * MIB).memoryBytes()).isEqualTo(200 * MIB);
        assertThat(patient("/a", MemoryCgroup.NONE).memoryBytes()).isEqualTo(4096 * MIB);
    }

    private Patient patient(String group, long limit) {
        ProcessStatistics process = new ProcessStatistics(
                0,
                0,
                0,
                0,
                1,
                1,
                1,
                -1000,
                new MemoryCgroup(limit, MemoryCgroup.NONE, 0),
                CpuLatencyStatistics.NONE,
                group);
        return new Patient(new Host(root), Optional.of(process), List.of());
    }
}
