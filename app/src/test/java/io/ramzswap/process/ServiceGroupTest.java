package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceGroupTest {
    private static final long SELF = 11;

    @TempDir
    private Path directory;

    @Test
    void shouldFindTheDaemonThatIsInTheSameService() throws IOException {
        service("0::/system.slice/ramzswap.service", 7, 9, SELF);
        process(7, "swapoff\0/dev/nbd0\0");
        process(9, "@ramzswapd\0-cp\0lib\0");
        process(SELF, "@ramzswapd\0-cp\0lib\0");

        assertThat(group().otherDaemon()).hasValue(9);
    }

    @Test
    void shouldFindNoneAmongOtherProcesses() throws IOException {
        service("0::/system.slice/ramzswap.service", 7, 8, SELF);
        process(7, "@ramzswapdx\0");
        process(SELF, "@ramzswapd\0");

        assertThat(group().otherDaemon()).isEmpty();
    }

    @Test
    void shouldNotLookIntoTheRootGroup() throws IOException {
        service("0::/", 9, SELF);
        process(9, "@ramzswapd\0");

        assertThat(group().otherDaemon()).isEmpty();
    }

    private ServiceGroup group() {
        return new ServiceGroup(directory.resolve("proc"), directory.resolve("cgroup"), SELF);
    }

    private void service(String line, long... processes) throws IOException {
        Files.createDirectories(directory.resolve("proc/self"));
        Files.writeString(directory.resolve("proc/self/cgroup"), "1:name=systemd:/other\n" + line + "\n");
        Path group = directory.resolve("cgroup").resolve(line.substring("0::/".length()));
        Files.createDirectories(group);
        StringBuilder list = new StringBuilder();
        for (long process : processes) {
            list.append(process).append('\n');
        }
        Files.writeString(group.resolve("cgroup.procs"), list);
    }

    private void process(long id, String commandLine) throws IOException {
        Path process = Files.createDirectories(directory.resolve("proc").resolve(Long.toString(id)));
        Files.writeString(process.resolve("cmdline"), commandLine);
    }
}
