package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real daemon in a control group of 200 MiB and one processor, where this machine lets us make one. */
@Timeout(300)
class ContainerTest {
    private static final long LIMIT = 200 << 20;
    private static final String NAME =
            "ramzswap-test-" + ProcessHandle.current().pid();

    @TempDir
    private Path directory;

    private final List<Path> groups = new ArrayList<>();

    @BeforeEach
    void makeGroups() throws IOException {
        Path first = Path.of("/sys/fs/cgroup/memory");
        if (Files.isDirectory(first)) {
            // Limits of the groups above count, too.
            group(first.resolve(NAME), "memory.limit_in_bytes", Long.toString(LIMIT));
            group(first.resolve(NAME).resolve("below"), "memory.swappiness", "0");
            Path cpu = Stream.of("cpu", "cpu,cpuacct")
                    .map(Path.of("/sys/fs/cgroup")::resolve)
                    .filter(Files::isDirectory)
                    .findFirst()
                    .orElseThrow();
            group(cpu.resolve(NAME), "cpu.cfs_quota_us", "100000");
            group(cpu.resolve(NAME).resolve("below"), "cpu.shares", "1024");
        } else {
            Path second = Path.of("/sys/fs/cgroup");
            assumeThat(second.resolve("cgroup.subtree_control"))
                    .isWritable()
                    .content()
                    .contains("memory", "cpu");
            group(second.resolve(NAME), "memory.max", Long.toString(LIMIT));
            Files.writeString(second.resolve(NAME).resolve("cpu.max"), "100000 100000");
            Files.writeString(second.resolve(NAME).resolve("cgroup.subtree_control"), "+memory +cpu");
            group(second.resolve(NAME).resolve("below"), "memory.swap.max", "0");
        }
    }

    private void group(Path group, String setting, String value) throws IOException {
        try {
            Files.createDirectory(group);
        } catch (IOException e) {
            assumeThat(Optional.of(e)).as("control groups can be made").isEmpty();
        }
        groups.add(0, group);
        Files.writeString(group.resolve(setting), value);
    }

    @AfterEach
    void removeGroups() throws IOException {
        for (Path group : groups) {
            Files.deleteIfExists(group);
        }
    }

    @Test
    void shouldRefuseWritesBeforeTheGroupIsFull() throws Exception {
        DaemonProcess daemon = start("--disksize", "1G");
        try {
            byte[] page = new byte[1 << 20];
            Random random = new Random(1);
            try (NbdClient client = new NbdClient(directory.resolve("s"))) {
                int stored = 0;
                do {
                    random.nextBytes(page);
                    stored++;
                } while (stored < 1024 && client.write((long) stored << 20, page) == 0);

                assertThat(stored).as("MiB stored").isBetween(20, 180);
                assertThat(client.write(1L << 29, page)).as("ENOSPC").isEqualTo(28);
                assertThat(client.read(1 << 20, 4096)).hasSize(4096);
            }
            assertThat(daemon.isAlive()).isTrue();
        } finally {
            daemon.kill();
        }
    }

    @Test
    void shouldSeeTheGroupInPercentagesAndDefaults() throws Exception {
        for (List<String> arguments : List.of(List.<String>of(), List.of("--disksize", "25%"))) {
            DaemonProcess daemon = start(arguments.toArray(String[]::new));
            daemon.kill();

            assertThat(daemon.seen()).anyMatch(line -> line.endsWith("INFO: rz0 has 51200 kB"));
        }
    }

    /** Java 17 does not see the quota of a group above its own; Java 25 does, and need not be told. */
    @Test
    void shouldCountTheProcessorsThatItMayUse() throws Exception {
        assumeThat(Runtime.version().feature()).isLessThan(25);
        assumeThat(Runtime.getRuntime().availableProcessors()).isGreaterThan(1);
        DaemonProcess daemon = start();
        List<String> command = List.of(Files.readString(Path.of("/proc", Long.toString(daemon.pid()), "cmdline"))
                .split("\0"));
        daemon.kill();

        assertThat(command).contains("-XX:ActiveProcessorCount=1");
    }

    private DaemonProcess start(String... arguments) throws IOException {
        String join = String.join(
                "; ",
                groups.stream()
                        .filter(group -> group.endsWith("below"))
                        .map(group -> "echo $$ >" + group + "/cgroup.procs")
                        .toList());
        List<String> all = new ArrayList<>(List.of("--listen", "unix:" + directory.resolve("s")));
        all.addAll(List.of(arguments));
        DaemonProcess daemon =
                DaemonProcess.start(List.of("sh", "-c", join + "; exec \"$@\"", "sh"), all.toArray(String[]::new));
        daemon.awaitLog("serving on unix:" + directory.resolve("s"));
        return daemon;
    }
}
