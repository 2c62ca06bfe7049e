package io.ramzswap.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Other people's clients against this server. Skipped where they are not installed. */
@Timeout(120)
class InteroperabilityTest {
    private static final int SIZE = 8 << 20;

    private final MemoryExport export = new MemoryExport(SIZE, 4096);
    private TestServer server;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.of(export);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        assertThat(export.openSessions).hasValue(0);
    }

    @Test
    void shouldDescribeItselfToNbdinfo() throws Exception {
        final String info = run("nbdinfo", "--json", server.uri("test"));

        assertThat(info)
                .contains("\"export-size\": " + SIZE)
                .contains("\"can_flush\": true")
                .contains("\"can_fua\": true")
                .contains("\"can_multi_conn\": true")
                .contains("\"can_trim\": true")
                .contains("\"can_zero\": true")
                .contains("\"block_size_minimum\": 4096")
                .contains("\"description\": \"a byte array\"");
    }

    @Test
    void shouldListItsExportsToNbdinfo() throws Exception {
        assertThat(run("nbdinfo", "--list", "--json", server.uri(""))).contains("\"export-name\": \"test\"");
    }

    @Test
    void shouldShowItsExtentsToNbdinfo() throws Exception {
        Arrays.fill(export.bytes, 1 << 20, 3 << 20, (byte) 1);

        assertThat(run("nbdinfo", "--map", server.uri("test"))
                        .replaceAll(" +", " ")
                        .lines())
                .containsExactly(" 0 1048576 3 hole,zero", " 1048576 2097152 0 data", " 3145728 5242880 3 hole,zero");
        assertThat(run("nbdinfo", "--map=x-test:state", server.uri("test"))
                        .replaceAll(" +", " ")
                        .lines())
                .containsExactly(" 0 1048576 8", " 1048576 2097152 7", " 3145728 5242880 8");
        assertThat(run("nbdinfo", "--json", server.uri("test")))
                .contains("\"structured\": true")
                .contains("\"can_df\": true")
                .contains("base:allocation", "x-test:state");
    }

    @Test
    void shouldConvertAndCompareWithQemuImg() throws Exception {
        final byte[] content = new byte[SIZE];
        new Random(2).nextBytes(content);
        Arrays.fill(content, 1 << 20, 5 << 20, (byte) 0);
        final Path image = Files.write(directory.resolve("image"), content);

        run("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", image.toString(), server.uri("test"));
        assertThat(Arrays.equals(export.bytes, content)).isTrue();

        assertThat(run("qemu-img", "compare", "-f", "raw", "-F", "raw", image.toString(), server.uri("test")))
                .contains("Images are identical");
        export.bytes[SIZE - 1]++;
        assertThat(new Tool(directory)
                        .runWithStatus(
                                1,
                                "qemu-img",
                                "compare",
                                "-f",
                                "raw",
                                "-F",
                                "raw",
                                image.toString(),
                                server.uri("test")))
                .contains("Content mismatch");
    }

    @Test
    void shouldKeepWhatNbdcopyBringsOverFourConnections() throws Exception {
        final byte[] content = new byte[SIZE];
        new Random(1).nextBytes(content);
        final Path source = Files.write(directory.resolve("source"), content);
        final Path target = directory.resolve("target");

        run("nbdcopy", "--connections=4", source.toString(), server.uri("test"));
        assertThat(Arrays.equals(export.bytes, content)).isTrue();

        run("nbdcopy", "--connections=4", server.uri("test"), target.toString());
        assertThat(Arrays.equals(Files.readAllBytes(target), content)).isTrue();
    }

    @Test
    void shouldServeQemuIo() throws Exception {
        Arrays.fill(export.bytes, (byte) 1);

        final String output = run(
                "qemu-io",
                "-f",
                "raw",
                "-t",
                "writeback",
                "-c",
                "write -P 0x5a 64k 128k",
                "-c",
                "read -P 0x5a 64k 128k",
                "-c",
                "read -P 1 0 64k",
                "-c",
                "discard 64k 64k",
                "-c",
                "write -z 1M 1M",
                "-c",
                "read -P 0 1M 1M",
                "-c",
                "flush",
                server.uri("test"));

        assertThat(output).doesNotContain("failed", "error");
        assertThat(export.trims.get()).isPositive();
        assertThat(export.flushes.get()).isPositive();
    }

    @Test
    void shouldPassFiosVerification() throws Exception {
        final String output = run(
                "fio",
                "--name=verify",
                "--ioengine=nbd",
                "--uri=" + server.uri("test"),
                "--rw=randwrite",
                "--bs=4k",
                "--iodepth=32",
                "--size=8m",
                "--verify=crc32c");
        assertThat(output).contains("err= 0");
    }

    private String run(String... command) throws IOException, InterruptedException {
        return new Tool(directory).run(command);
    }
}
