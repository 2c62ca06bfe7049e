package io.ramzswap.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.refusal.Refusal;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ControlServerTest {
    private static final int LONG_TIMEOUT_MILLIS = 60_000;
    private static final String STATS = "{\"v\":1,\"operation\":\"stats\",\"device\":\"rz0\"}\n";
    private static final ControlHandler DONE = request -> ControlReply.done(List.of());

    @TempDir
    private Path directory;

    @Test
    void shouldAnswerRequestAfterRequest() throws IOException {
        List<ControlRequest> seen = new ArrayList<>();
        try (ControlServer ignored = ControlServer.start(socket(), request -> {
                    seen.add(request);
                    return ControlReply.done(List.of("warning " + seen.size() + " \u00e9\n"));
                });
                ControlClient client = ControlClient.connect(socket())) {
            assertThat(ignored).isNotNull();
            assertThat(client.call(ControlRequest.of(Operation.INIT, "rz0")).warnings())
                    .containsExactly("warning 1 \u00e9\n");
            assertThat(client.call(ControlRequest.set("rz0", DeviceCatalogue.DISK_SIZE, 5L))
                            .warnings())
                    .containsExactly("warning 2 \u00e9\n");
        }
        assertThat(seen)
                .containsExactly(
                        ControlRequest.of(Operation.INIT, "rz0"),
                        ControlRequest.set("rz0", DeviceCatalogue.DISK_SIZE, 5L));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "hello| not a JSON object of this protocol",
                "{| not a JSON object of this protocol",
                "[]| not a JSON object of this protocol",
                "null| an empty line",
                "``| an empty line",
                "{}| version null of the control protocol is not 1, which is spoken here; use the rzscontrol that came with the daemon",
                "{\"v\":2,\"operation\":\"stats\",\"device\":\"rz0\"}| version 2 of the control protocol is not 1, which is spoken here; use the rzscontrol that came with the daemon",
                "{\"v\":1,\"device\":\"rz0\"}| the operation is missing or unknown",
                "{\"v\":1,\"operation\":\"format\",\"device\":\"rz0\"}| the operation is missing or unknown",
                "{\"v\":1,\"operation\":\"stats\"}| the device's name is missing or longer than 4096",
                "{\"v\":1,\"operation\":\"stats\",\"device\":\"\"}| the device's name is missing or longer than 4096",
                "{\"v\":1,\"operation\":\"stats\",\"device\":\"rz0\",\"bytes\":1}| bytes are missing, or go with no such operation",
                "{\"v\":1,\"operation\":\"write-back\",\"device\":\"rz0\",\"kind\":\"idle\",\"idleSeconds\":2592001}| idleSeconds are 0 to 2592000",
                "{\"v\":1,\"operation\":\"write-back\",\"device\":\"rz0\",\"kind\":\"idle\",\"idleSeconds\":-1}| idleSeconds are 0 to 2592000",
                "{\"v\":1,\"operation\":\"set-disksize\",\"device\":\"rz0\"}| bytes are missing, or go with no such operation",
                "{\"v\":1,\"operation\":\"set-disksize\",\"device\":\"rz0\",\"bytes\":\"x\"}| not a JSON object of this protocol",
                "{\"v\":1,\"operation\":\"set-disksize\",\"device\":\"rz0\",\"bytes\":1e99}| not a JSON object of this protocol",
                "{\"v\":1,\"operation\":\"stats\",\"device\":\"rz0\"} x| not a JSON object of this protocol"
            })
    void shouldAnswerGarbageWithAnErrorAndHangUp(String line, String complaint) throws IOException {
        assertThat(exchange((line + "\n" + STATS).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("{\"v\":1,\"warnings\":[],\"error\":\"BAD_REQUEST\",\"message\":\"not a request: "
                        + complaint + "\"}\n");
    }

    @Test
    void shouldRefuseBytesThatAreNotText() throws IOException {
        assertThat(exchange(new byte[] {(byte) 0xc3, (byte) 0x28, '\n'}))
                .contains("not a request: a line that is not UTF-8");
    }

    @Test
    void shouldRefuseALineWithoutEnd() throws IOException {
        assertThat(exchange(new byte[LineChannel.MAX_LINE_BYTES]))
                .contains("not a request: a line of more than 65536 bytes");
    }

    @Test
    void shouldRefuseALineThatIsCutOff() throws IOException {
        assertThat(exchange(STATS.strip().getBytes(StandardCharsets.UTF_8)))
                .contains("not a request: a line that was cut off");
    }

    @Test
    void shouldServeOthersAfterGarbage() throws IOException {
        try (ControlServer server = ControlServer.start(socket(), DONE)) {
            assertThat(server).isNotNull();
            for (int i = 0; i < 3 * ControlServer.MAX_REQUESTS; i++) {
                try (SocketChannel client = connect()) {
                    assertThat(client.write(ByteBuffer.wrap(new byte[] {'x', '\n'})))
                            .isEqualTo(2);
                    assertThat(readAll(client)).contains("BAD_REQUEST");
                }
            }
            assertWorks();
        }
    }

    @Test
    void shouldSurviveAHandlerThatFails() throws IOException {
        try (ControlServer server = ControlServer.start(socket(), request -> {
                    throw new IllegalStateException("bug");
                });
                ControlClient client = ControlClient.connect(socket())) {
            assertThat(server).isNotNull();
            for (int i = 0; i < 2 * ControlServer.MAX_REQUESTS; i++) {
                assertThat(client.call(ControlRequest.of(Operation.STATS, "rz0"))
                                .failure())
                        .contains(new ControlReply.Failure(
                                Refusal.INTERNAL,
                                "a fault of the daemon's: java.lang.IllegalStateException: bug; its log has the details, please"
                                        + " report it"));
            }
        }
    }

    @Test
    void shouldGiveUpAClientThatSaysNothing() throws IOException {
        try (ControlServer server = ControlServer.start(socket(), DONE, 20);
                SocketChannel client = connect()) {
            assertThat(server).isNotNull();
            assertThat(readAll(client)).isEmpty();
        }
    }

    @Test
    void shouldCarryOutSoManyRequestsAtATimeAndNoMore() throws Exception {
        CountDownLatch busy = new CountDownLatch(ControlServer.MAX_REQUESTS);
        CountDownLatch release = new CountDownLatch(1);
        List<SocketChannel> clients = new ArrayList<>();
        try (ControlServer server = ControlServer.start(socket(), request -> {
            busy.countDown();
            awaitQuietly(release);
            return ControlReply.done(List.of());
        })) {
            assertThat(server).isNotNull();
            for (int i = 0; i < ControlServer.MAX_REQUESTS; i++) {
                clients.add(send(STATS.getBytes(StandardCharsets.UTF_8)));
            }
            busy.await();
            try (ControlClient oneTooMany = ControlClient.connect(socket())) {
                assertThat(oneTooMany
                                .call(ControlRequest.of(Operation.STATS, "rz0"))
                                .failure())
                        .contains(new ControlReply.Failure(
                                Refusal.BUSY, "the daemon carries out 16 requests already; try again"));
            }
            release.countDown();
            for (SocketChannel client : clients) {
                client.shutdownOutput();
                assertThat(readAll(client)).isEqualTo("{\"v\":1,\"warnings\":[]}\n");
                client.close();
            }
        }
    }

    @ParameterizedTest(name = "that send {0} bytes of a request")
    @ValueSource(ints = {0, 1, 20})
    void shouldServeARequestBesidePeersThatSendNone(int bytes) throws IOException {
        List<SocketChannel> idle = new ArrayList<>();
        try (ControlServer server = ControlServer.start(socket(), DONE, LONG_TIMEOUT_MILLIS)) {
            assertThat(server).isNotNull();
            for (int i = 0; i < 2 * ControlServer.MAX_WAITING; i++) {
                idle.add(send(STATS.substring(0, bytes).getBytes(StandardCharsets.UTF_8)));
                if (i % ControlServer.MAX_REQUESTS == 0) {
                    assertWorks();
                }
            }
            assertWorks();
        } finally {
            for (SocketChannel client : idle) {
                client.close();
            }
        }
    }

    @Test
    void shouldDropTheClientThatHasWaitedForLongest() throws IOException {
        List<SocketChannel> clients = new ArrayList<>();
        try (ControlServer server = ControlServer.start(socket(), DONE, LONG_TIMEOUT_MILLIS);
                SocketChannel oldest = connect()) {
            assertThat(server).isNotNull();
            for (int i = 0; i < ControlServer.MAX_WAITING; i++) {
                clients.add(connect());
            }
            assertThat(readAll(oldest)).isEmpty();
            // The others have their places.
            for (SocketChannel client : clients) {
                assertThat(client.write(ByteBuffer.wrap(STATS.getBytes(StandardCharsets.UTF_8))))
                        .isEqualTo(STATS.length());
                client.shutdownOutput();
                assertThat(readAll(client)).isEqualTo("{\"v\":1,\"warnings\":[]}\n");
                client.close();
            }
        }
    }

    /** The daemon's heap has no room for many long lines. */
    @Test
    void shouldDropPeersThatHoldTooMuchMemory() throws IOException {
        byte[] almostALine = new byte[LineChannel.MAX_LINE_BYTES - 1];
        try (ControlServer server = ControlServer.start(socket(), DONE, LONG_TIMEOUT_MILLIS);
                SocketChannel oldest = send(almostALine)) {
            assertThat(server).isNotNull();
            List<SocketChannel> others = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                others.add(send(almostALine));
            }
            assertThat(readUntilItIsClosed(oldest)).isEmpty();
            assertWorks();
            for (SocketChannel other : others) {
                other.close();
            }
        }
    }

    @Test
    void shouldServeOthersBesidePeersThatTakeNoAnswers() throws IOException {
        List<SocketChannel> deaf = new ArrayList<>();
        ControlHandler longAnswers = request -> ControlReply.done(List.of("x".repeat(LineChannel.MAX_LINE_BYTES / 2)));
        try (ControlServer server = ControlServer.start(socket(), longAnswers, LONG_TIMEOUT_MILLIS)) {
            assertThat(server).isNotNull();
            for (int i = 0; i < 2 * ControlServer.MAX_REQUESTS; i++) {
                deaf.add(send(STATS.repeat(100).getBytes(StandardCharsets.UTF_8)));
            }
            assertWorks();
        } finally {
            for (SocketChannel client : deaf) {
                client.close();
            }
        }
    }

    @Test
    void shouldAnswerRequestsThatCameAtOnceInTheirOrder() throws IOException {
        ControlHandler naming = request -> ControlReply.done(List.of(request.device()));
        String requests = STATS + STATS.replace("rz0", "rz1") + STATS.replace("rz0", "rz2");
        try (ControlServer server = ControlServer.start(socket(), naming, LONG_TIMEOUT_MILLIS);
                SocketChannel client = send(requests.getBytes(StandardCharsets.UTF_8))) {
            assertThat(server).isNotNull();
            client.shutdownOutput();
            assertThat(readAll(client)).isEqualTo("""
                            {"v":1,"warnings":["rz0"]}
                            {"v":1,"warnings":["rz1"]}
                            {"v":1,"warnings":["rz2"]}
                            """);
        }
    }

    @Test
    void shouldBeOpenToItsOwnerAlone() throws IOException {
        try (ControlServer server = ControlServer.start(socket(), DONE)) {
            assertThat(server).isNotNull();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket().getParent())))
                    .isEqualTo("rwxr-xr-x");
        }
        assertThat(socket()).doesNotExist();
    }

    @Test
    void shouldNotTakeASocketFromADaemonThatLives() throws IOException {
        try (ControlServer first = ControlServer.start(socket(), DONE)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> ControlServer.start(socket(), DONE))
                    .isInstanceOfSatisfying(
                            ControlSocketException.class,
                            e -> assertThat(e.code()).isEqualTo(Refusal.BUSY))
                    .hasMessage("another daemon listens on " + socket()
                            + ": stop it, or name another socket with --control");
            assertWorks();
        }
    }

    @Test
    void shouldNotTakeASocketFromAnotherProgram() throws IOException {
        Files.createDirectories(socket().getParent());
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket()));
            assertThatThrownBy(() -> ControlServer.start(socket(), DONE))
                    .hasMessageStartingWith("another daemon listens on " + socket());
        }
    }

    @Test
    void shouldReplaceASocketThatWasLeftBehind() throws IOException {
        Files.createDirectories(socket().getParent());
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket()))
                .close();
        assertThat(socket()).exists();
        try (ControlServer server = ControlServer.start(socket(), DONE)) {
            assertThat(server).isNotNull();
            assertWorks();
        }
    }

    @Test
    void shouldNotReplaceAFileThatIsNoSocket() throws IOException {
        Files.createDirectories(socket().getParent());
        Files.writeString(socket(), "precious");

        assertThatThrownBy(() -> ControlServer.start(socket(), DONE))
                .isInstanceOfSatisfying(
                        ControlSocketException.class, e -> assertThat(e.code()).isEqualTo(Refusal.INVALID_VALUE))
                .hasMessage("the control socket " + socket()
                        + " cannot be made: a file that is no socket has that name; remove it or name another one with"
                        + " --control");
        assertThat(socket()).hasContent("precious");
    }

    @Test
    void shouldSayThatANameIsNone() {
        assertThatThrownBy(() -> ControlServer.start(Path.of("/"), DONE))
                .isInstanceOfSatisfying(
                        ControlSocketException.class, e -> assertThat(e.code()).isEqualTo(Refusal.INVALID_VALUE))
                .hasMessage(
                        "the control socket / cannot be made: that is no name for a file; name another one with --control");
    }

    @Test
    void shouldLetNobodyElseHoldItsLock() throws IOException {
        Path lock = directory.resolve("run/control.sock.lock");
        try (ControlServer server = ControlServer.start(socket(), DONE)) {
            assertThat(server).isNotNull();
            assertThat(Files.getPosixFilePermissions(lock)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
        // Given one that is left of a daemon that made it open to all.
        Files.setPosixFilePermissions(lock, PosixFilePermissions.fromString("rw-r--r--"));
        try (ControlServer server = ControlServer.start(socket(), DONE)) {
            assertThat(server).isNotNull();
            assertThat(Files.getPosixFilePermissions(lock)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void shouldSayThatANameIsTooLong() {
        Path name = directory.resolve("x".repeat(120));

        assertThatThrownBy(() -> ControlServer.start(name, DONE))
                .isInstanceOf(ControlSocketException.class)
                .hasMessageStartingWith("the control socket " + name + " has a name of ");
    }

    private Path socket() {
        return directory.resolve("run/control.sock");
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket()));
    }

    private SocketChannel send(byte[] bytes) throws IOException {
        SocketChannel client = connect();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            assertThat(client.write(buffer)).isPositive();
        }
        return client;
    }

    /** What the server answers to {@code bytes}, until it hangs up. */
    private String exchange(byte[] bytes) throws IOException {
        try (ControlServer server = ControlServer.start(socket(), DONE, LONG_TIMEOUT_MILLIS);
                SocketChannel client = send(bytes)) {
            assertThat(server).isNotNull();
            client.shutdownOutput();
            return readAll(client);
        }
    }

    private static String readAll(SocketChannel client) throws IOException {
        return new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The same of a client that may have been dropped before the server read all that it sent. */
    private static String readUntilItIsClosed(SocketChannel client) throws IOException {
        try {
            return readAll(client);
        } catch (SocketException e) {
            return "";
        }
    }

    private void assertWorks() throws IOException {
        try (ControlClient client = ControlClient.connect(socket())) {
            assertThat(client.call(ControlRequest.of(Operation.RESET, "rz0")).failure())
                    .isEmpty();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
