package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ServiceManagerTest {
    private static final long PID = 7;
    private static final String[] TOLD = {
        "READY=1", "WATCHDOG=1", "STOPPING=1", "EXTEND_TIMEOUT_USEC=30000000", "MAINPID=9\nREADY=1"
    };

    @TempDir
    private Path directory;

    @Test
    void shouldTellWhatItIsToldToTell() throws IOException {
        String path = directory.resolve("notify").toString();
        assertThat(toldThrough(path, path)).containsExactly(TOLD);
    }

    @Test
    void shouldReachASocketOutsideTheFileSystem() throws IOException {
        String name = "ramzswap-test-" + ProcessHandle.current().pid();
        assertThat(toldThrough("\0" + name, "@" + name)).containsExactly(TOLD);
    }

    private static String[] toldThrough(String bound, String named) throws IOException {
        try (UnixDatagramChannel systemd = UnixDatagramChannel.open()) {
            systemd.bind(new UnixSocketAddress(bound));
            ServiceManager manager =
                    ServiceManager.of(Map.of("NOTIFY_SOCKET", named), PID).orElseThrow();
            manager.ready();
            manager.alive();
            manager.stopping();
            manager.extendTimeout(Duration.ofSeconds(30));
            manager.handOverTo(9);
            return new String[] {
                receive(systemd), receive(systemd), receive(systemd), receive(systemd), receive(systemd)
            };
        }
    }

    private static String receive(UnixDatagramChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        channel.receive(buffer);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldSayWhenNobodyListens() {
        String path = directory.resolve("absent").toString();
        ServiceManager manager =
                ServiceManager.of(Map.of("NOTIFY_SOCKET", path), PID).orElseThrow();

        assertThatThrownBy(manager::ready).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "relative", "vsock:2:1234"})
    void shouldBeSilentWhereItIsNotAskedInAWayItKnows(String socket) {
        assertThat(ServiceManager.of(Map.of("NOTIFY_SOCKET", socket), PID)).isEmpty();
        assertThat(ServiceManager.of(Map.of(), PID)).isEmpty();
    }

    @Test
    void shouldKnowHowOftenToBeAlive() {
        assertThat(watchdog("30000000", "7")).contains(Duration.ofSeconds(30));
        assertThat(watchdog("30000000", "8")).isEmpty();
        assertThat(watchdog("0", "7")).isEmpty();
        assertThat(watchdog("soon", "7")).isEmpty();
    }

    private static Optional<Duration> watchdog(String micros, String process) {
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", "/run/x", "WATCHDOG_USEC", micros, "WATCHDOG_PID", process);
        return ServiceManager.of(environment, PID).orElseThrow().watchdogTimeout();
    }
}
