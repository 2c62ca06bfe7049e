package io.ramzswap.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostTest {
    @TempDir
    private Path root;

    @Test
    void shouldTellTheKernelsReserveInBytes() throws IOException {
        Host host = new Host(root);
        assertThat(host.reserveBytes()).isEmpty();

        Files.createDirectories(root.resolve("proc/sys/vm"));
        Files.writeString(root.resolve("proc/sys/vm/min_free_kbytes"), "67584\n");

        assertThat(host.reserveBytes()).hasValue(67_584L << 10);
    }
}
