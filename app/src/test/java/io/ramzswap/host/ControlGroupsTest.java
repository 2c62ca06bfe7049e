package io.ramzswap.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hierarchies of our own making; the real one is in io.ramzswap.cli.ContainerTest. */
class ControlGroupsTest {
    private static final long MIB = 1 << 20;
    private static final String NO_LIMIT_OF_VERSION_1 = "9223372036854771712\n";

    @TempDir
    private Path root;

    private ControlGroups groups;

    @BeforeEach
    void read() throws IOException {
        groups = new ControlGroups(new Host(root), "/proc/self");
        file("/proc/meminfo", "MemTotal: 1048576 kB\n");
    }

    @Test
    void shouldTakeTheLeastLimitOfVersion2() throws IOException {
        version2("/", "/sys/fs/cgroup", "/system.slice/a.service");
        file("/sys/fs/cgroup/system.slice/memory.max", (100 * MIB) + "\n");
        file("/sys/fs/cgroup/system.slice/memory.high", (90 * MIB) + "\n");
        file("/sys/fs/cgroup/system.slice/cpu.max", "max 100000\n");
        file("/sys/fs/cgroup/system.slice/a.service/memory.max", (200 * MIB) + "\n");
        file("/sys/fs/cgroup/system.slice/a.service/memory.high", "max\n");
        file("/sys/fs/cgroup/system.slice/a.service/cpu.max", "150000 100000\n");

        assertThat(groups.memoryMaxBytes()).hasValue(100 * MIB);
        assertThat(groups.memoryHighBytes()).hasValue(90 * MIB);
        assertThat(usable().totalBytes()).isEqualTo(90 * MIB);
        assertThat(groups.processors()).hasValue(2);
        assertThat(groups.name()).isEqualTo("/system.slice/a.service");
    }

    @Test
    void shouldTakeTheLeastLimitOfVersion1() throws IOException {
        version1("/", "/docker/abc");
        file("/sys/fs/cgroup/memory/memory.limit_in_bytes", NO_LIMIT_OF_VERSION_1);
        file("/sys/fs/cgroup/memory/docker/memory.limit_in_bytes", (300 * MIB) + "\n");
        file("/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", NO_LIMIT_OF_VERSION_1);
        file("/sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_quota_us", "50000\n");
        file("/sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_period_us", "100000\n");
        file("/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us", "-1\n");
        file("/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us", "100000\n");

        assertThat(groups.memoryMaxBytes()).hasValue(300 * MIB);
        assertThat(groups.memoryHighBytes()).isEmpty();
        assertThat(groups.processors()).hasValue(1);
    }

    @Test
    void shouldSeeTheLimitOfAContainerThatShowsItsOwnGroupAlone() throws IOException {
        // Version 1: the process's file has the host's name for the group, and the group is where the hierarchy is
        // mounted.
        version1("/docker/abc", "/docker/abc");
        file("/sys/fs/cgroup/memory/memory.limit_in_bytes", (200 * MIB) + "\n");

        assertThat(groups.memoryMaxBytes()).hasValue(200 * MIB);
    }

    @Test
    void shouldSeeTheLimitOfAContainerOfAnotherNamespace() throws IOException {
        version2("/", "/sys/fs/cgroup", "/");
        file("/sys/fs/cgroup/memory.max", (200 * MIB) + "\n");

        assertThat(groups.memoryMaxBytes()).hasValue(200 * MIB);
    }

    @Test
    void shouldTakeTheControllerFromWhereItIsWhenBothVersionsAreThere() throws IOException {
        file("/proc/self/cgroup", "4:memory:/a\n1:name=systemd:/b\n0::/b\n");
        file("/proc/self/mountinfo", """
                30 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
                31 30 0:29 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
                32 30 0:30 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
                """);
        file("/sys/fs/cgroup/memory/a/memory.limit_in_bytes", (100 * MIB) + "\n");
        file("/sys/fs/cgroup/unified/b/memory.max", (50 * MIB) + "\n");
        file("/sys/fs/cgroup/unified/b/cpu.max", "300000 100000\n");

        assertThat(groups.memoryMaxBytes()).hasValue(100 * MIB);
        assertThat(groups.processors()).hasValue(3);
        assertThat(groups.name()).isEqualTo("/b");
    }

    @Test
    void shouldKnowNoLimitWhereThereIsNone() throws IOException {
        assertThat(groups.memoryMaxBytes()).isEmpty();
        version2("/", "/sys/fs/cgroup", "/a");
        file("/sys/fs/cgroup/a/memory.max", "max\n");
        file("/sys/fs/cgroup/a/cpu.max", "max 100000\n");

        assertThat(groups.memoryMaxBytes()).isEmpty();
        assertThat(groups.memoryLeftBytes()).isEmpty();
        assertThat(groups.processors()).isEqualTo(OptionalInt.empty());
        assertThat(usable().totalBytes()).isEqualTo(1024 * MIB);
        assertThat(usable().limitBytes()).isEqualTo(OptionalLong.empty());
        assertThat(usable().storeBytes(1)).isEmpty();
    }

    @Test
    void shouldTellWhatIsLeftForStoresInTheFullestGroup() throws IOException {
        version2("/", "/sys/fs/cgroup", "/a/b");
        file("/sys/fs/cgroup/a/memory.max", (320 * MIB) + "\n");
        file("/sys/fs/cgroup/a/memory.current", (200 * MIB) + "\n");
        file("/sys/fs/cgroup/a/memory.stat", "anon 1\ninactive_file " + 10 * MIB + "\nactive_file " + 6 * MIB + "\n");
        file("/sys/fs/cgroup/a/b/memory.max", (400 * MIB) + "\n");
        file("/sys/fs/cgroup/a/b/memory.current", (1 * MIB) + "\n");

        assertThat(groups.memoryLeftBytes()).hasValue((320 - 200 + 16) * MIB);
        assertThat(usable().storeBytes(2)).hasValue((136 - 320 / 16 - 16) * MIB / 2);
    }

    private UsableMemory usable() {
        return UsableMemory.of(new Host(root));
    }

    private void version2(String mountRoot, String mount, String path) throws IOException {
        file("/proc/self/cgroup", "0::" + path + "\n");
        file(
                "/proc/self/mountinfo",
                "31 23 0:27 " + mountRoot + " " + mount + " rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n");
    }

    private void version1(String mountRoot, String path) throws IOException {
        file("/proc/self/cgroup", "4:memory:" + path + "\n3:cpu,cpuacct:" + path + "\n1:name=systemd:" + path + "\n");
        file("/proc/self/mountinfo", """
                31 30 0:29 ROOT /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
                32 30 0:30 ROOT /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
                """.replace("ROOT", mountRoot));
    }

    private void file(String absolute, String content) throws IOException {
        Path file = root.resolve(absolute.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
