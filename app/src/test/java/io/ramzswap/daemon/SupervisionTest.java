package io.ramzswap.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.attach.FakePoint;
import io.ramzswap.libc.UnixDatagram;
import io.ramzswap.process.ServiceManager;
import io.ramzswap.refusal.OperationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a socket in systemd's place. */
@Timeout(60)
class SupervisionTest {
    private static final String DEVICE = "/dev/nbd0";
    private static final String END = "the end of the test";

    private final FakePoint point = new FakePoint(DEVICE);
    private final DeviceRegistry devices =
            new DeviceRegistry(name -> point, new FakeStores(), new SettingsPolicy(1 << 30));

    @TempDir
    private Path directory;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private UnixDatagramChannel systemd;
    private Thread listening;

    /** As systemd does, it reads whatever comes: the kernel keeps few messages, and who sends one more waits. */
    @BeforeEach
    void listen() throws IOException {
        systemd = UnixDatagramChannel.open();
        systemd.bind(new UnixSocketAddress(directory.resolve("notify").toString()));
        listening = new Thread(() -> {
            try {
                for (String message = receive(); !message.equals(END); message = receive()) {
                    heard.add(message);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        listening.start();
    }

    @AfterEach
    void close() throws IOException, InterruptedException {
        UnixDatagram.send(directory.resolve("notify").toString(), END.getBytes(StandardCharsets.UTF_8));
        listening.join();
        systemd.close();
    }

    private Supervision supervision(String watchdogMicros) {
        return new Supervision(
                devices,
                ServiceManager.of(
                        Map.of(
                                "NOTIFY_SOCKET",
                                directory.resolve("notify").toString(),
                                "WATCHDOG_USEC",
                                watchdogMicros),
                        1),
                Thread::new);
    }

    private String heard() throws InterruptedException {
        return heard.take();
    }

    private String receive() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        systemd.receive(buffer);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldTellBeginningAndEnd() throws InterruptedException {
        Supervision supervision = supervision("0");
        supervision.begin();
        supervision.end();

        assertThat(heard()).isEqualTo("READY=1");
        assertThat(heard()).isEqualTo("STOPPING=1");
    }

    @Test
    void shouldGiveASignOfLifeForEachTimeThatTheDeviceAnswered() throws InterruptedException, OperationException {
        devices.init(DEVICE);
        Supervision supervision = supervision("30000");
        supervision.begin();

        assertThat(heard()).isEqualTo("READY=1");
        assertThat(heard()).isEqualTo("WATCHDOG=1");
        assertThat(heard()).isEqualTo("WATCHDOG=1");
        assertThat(point.probes()).isGreaterThanOrEqualTo(2);
        supervision.end();
    }

    @Test
    void shouldGiveNoSignOfLifeForADeviceThatFails() throws Exception {
        devices.init(DEVICE);
        point.answering(false);
        Supervision supervision = supervision("3000");
        supervision.begin();
        point.awaitProbes(3);
        supervision.end();

        assertThat(heard()).isEqualTo("READY=1");
        assertThat(heard()).isEqualTo("STOPPING=1");
    }

    /** As where the heap has no room just then. */
    @Test
    void shouldGiveSignsOfLifeAgainAfterAnError() throws Exception {
        devices.init(DEVICE);
        point.throwing(new OutOfMemoryError("the test says so"));
        Supervision supervision = supervision("3000");
        supervision.begin();

        point.awaitProbes(2);
        assertThat(heard()).isEqualTo("READY=1");
        assertThat(heard()).isEqualTo("WATCHDOG=1");
        supervision.end();
    }

    @Test
    void shouldBeSilentWithoutAServiceManager() {
        Supervision supervision = new Supervision(devices, Optional.empty(), Thread::new);
        supervision.begin();
        supervision.end();
    }
}
