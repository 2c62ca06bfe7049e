package io.ramzswap.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.nbd.TestClient;
import io.ramzswap.nbd.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StartedByClientTest {
    @TempDir
    Path directory;

    @Test
    void shouldServeOnStandardInputAndOutput() throws Exception {
        final Process process = new ProcessBuilder(server())
                .redirectError(directory.resolve("errors").toFile())
                .start();
        try (TestClient client = new TestClient(process).go()) {
            final byte[] payload = new byte[500_000 / 4096 * 4096];
            Arrays.fill(payload, (byte) 9);
            assertThat(client.write(0, 4096, payload)).isZero();
            assertThat(client.read(4096, payload.length)).isEqualTo(payload);
            client.send(TestClient.request(0, 2, 0, 0, 0));
            assertThat(client.isClosedByServer()).isTrue();
        }
        assertThat(process.waitFor()).isZero();
        assertThat(directory.resolve("errors")).isEmptyFile();
    }

    @Test
    void shouldServeOnASocketThatItsClientBound() throws Exception {
        final List<String> command = new ArrayList<>(List.of("nbdinfo", "--size", "--", "["));
        command.addAll(server());
        command.add("]");
        assertThat(new Tool(directory).run(command.toArray(String[]::new)).strip())
                .isEqualTo(Integer.toString(1 << 20));
    }

    @Test
    void shouldTakeOnlySocketsThatAreMeantForIt() throws IOException {
        assertThat(InheritedListener.fromEnvironment(Map.of(), 7)).isEmpty();
        assertThat(InheritedListener.fromEnvironment(Map.of("LISTEN_PID", "8", "LISTEN_FDS", "1"), 7))
                .isEmpty();
        assertThatThrownBy(() -> InheritedListener.fromEnvironment(Map.of("LISTEN_PID", "7", "LISTEN_FDS", "many"), 7))
                .hasMessage("LISTEN_FDS is 'many', not a number from 0 to 64");
    }

    private static List<String> server() {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1"));
        // Without it a JDK 24 or newer warns on standard error, which the clients here show as their own.
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(
                List.of("--class-path", System.getProperty("java.class.path"), StartedByClientMain.class.getName()));
        return command;
    }
}
