package io.ramzswap.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ControlClientTest {
    private static final ControlClient.Patience IMPATIENT_WITH_QUESTIONS = new ControlClient.Patience(20, 3_600_000);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            names = {"STATS", "LIST", "PROCESS"})
    void shouldSayThatADaemonDoesNotAnswerAQuestion(Operation question) throws IOException {
        // Given a daemon that hangs: the kernel takes the connection, and nobody reads from it.
        try (ServerSocketChannel hanging = listen(16);
                ControlClient client = ControlClient.connect(socket(), IMPATIENT_WITH_QUESTIONS)) {
            assertThat(hanging.isOpen()).isTrue();

            assertThatThrownBy(() -> client.call(ControlRequest.of(question, "rz0")))
                    .isInstanceOf(DaemonUnreachableException.class)
                    .hasMessage(
                            "the daemon at " + socket() + " does not answer (nothing for 20 milliseconds): it hangs,"
                                    + " or still does something else with the device; see its log");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            names = {"INIT", "RESET", "RELOAD"})
    void shouldWaitForAChangeWhenItHasGivenAQuestionUp(Operation change) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch questionGivenUp = new CountDownLatch(1);
        ControlHandler handler = request -> {
            begun.countDown();
            await(questionGivenUp);
            return ControlReply.done(List.of(request.operation().name()));
        };
        try (ControlServer server = ControlServer.start(socket(), handler);
                ControlClient changing = ControlClient.connect(socket(), IMPATIENT_WITH_QUESTIONS);
                ControlClient asking = ControlClient.connect(socket(), IMPATIENT_WITH_QUESTIONS)) {
            assertThat(server).isNotNull();
            CompletableFuture<ControlReply> changed =
                    CompletableFuture.supplyAsync(() -> call(changing, ControlRequest.of(change, "rz0")));
            begun.await();

            assertThatThrownBy(() -> asking.call(ControlRequest.of(Operation.LIST)))
                    .isInstanceOf(DaemonUnreachableException.class);
            questionGivenUp.countDown();

            assertThat(changed.get().warnings()).containsExactly(change.name());
        }
    }

    @Test
    void shouldSayThatADaemonTakesNoMoreConnections() throws IOException {
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocketChannel hanging = listen(1)) {
            assertThat(hanging.isOpen()).isTrue();
            // More than there is room for.
            for (int i = 0; i < 3; i++) {
                SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
                waiting.add(client);
                client.configureBlocking(false);
                connectIfThereIsRoom(client);
            }

            assertThatThrownBy(() -> ControlClient.connect(socket(), IMPATIENT_WITH_QUESTIONS))
                    .isInstanceOf(DaemonUnreachableException.class)
                    .hasMessageStartingWith("the daemon at " + socket()
                            + " does not answer (no connection for 20 milliseconds): it hangs, or");
        } finally {
            for (SocketChannel client : waiting) {
                client.close();
            }
        }
    }

    @Test
    void shouldSayThatTheDaemonHungUpInTheMiddleOfAnAnswer() throws Exception {
        assertThatThrownBy(() -> answered("{\"v\":1,\"warnings\":[", Operation.LIST))
                .isInstanceOf(DaemonUnreachableException.class)
                .hasMessage("the daemon at " + socket() + " hung up without an answer: see its log");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "LIST| {\"v\":1}| what was asked for",
                "STATS| {\"v\":1,\"devices\":[]}| what was asked for",
                "PROCESS| {\"v\":1,\"devices\":[]}| what was asked for",
                "LIST| {\"v\":1,\"devices\":[null]}| devices",
                "LIST| {\"v\":1,\"devices\":[{\"allocator\":\"zbud\"}]}| devices.name",
                "STATS| {\"v\":1,\"statistics\":{}}| statistics.backing"
            })
    void shouldSayWhatIsMissingInAnAnswer(Operation question, String answer, String missing) {
        assertThatThrownBy(() -> answered(answer + "\n", question))
                .isInstanceOf(DaemonUnreachableException.class)
                .hasMessage("what listens at " + socket() + " is no ramzswapd of this version: an answer without "
                        + missing);
    }

    private void connectIfThereIsRoom(SocketChannel client) throws IOException {
        try {
            assertThat(client.connect(UnixDomainSocketAddress.of(socket()))).isIn(true, false);
        } catch (SocketException e) {
            // There is none.
        }
    }

    /** What becomes of {@code question} when it is answered so, and the connection closed. */
    private ControlReply answered(String answer, Operation question) throws Exception {
        try (ServerSocketChannel server = listen(1);
                ControlClient client = ControlClient.connect(socket());
                SocketChannel accepted = server.accept()) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(answer);
            while (bytes.hasRemaining()) {
                assertThat(accepted.write(bytes)).isPositive();
            }
            accepted.shutdownOutput();
            return client.call(ControlRequest.of(question, "rz0"));
        }
    }

    private ServerSocketChannel listen(int backlog) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket()), backlog);
    }

    private static ControlReply call(ControlClient client, ControlRequest request) {
        try {
            return client.call(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Path socket() {
        return directory.resolve("s");
    }
}
