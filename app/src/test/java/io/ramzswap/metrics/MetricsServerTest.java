package io.ramzswap.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class MetricsServerTest {
    private static final String GET = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final InetSocketAddress ANYWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final List<Socket> peers = new ArrayList<>();
    private MetricsServer server;

    @BeforeEach
    void start() throws IOException {
        server = MetricsServer.start(ANYWHERE, new Metrics(Optional::empty));
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket peer : peers) {
            peer.close();
        }
        server.close();
    }

    @ParameterizedTest(name = "that send ''{0}''")
    @ValueSource(strings = {"", "GET", "GET /metrics HTTP/1.1\r\nHost: loc"})
    void shouldAnswerBesidePeersThatSendNoWholeRequest(String half) throws IOException {
        for (int i = 0; i < 200; i++) {
            send(half);
            if (i % 50 == 10) {
                assertThat(ask(GET)).contains("\nramzswap_up 0.0\n");
            }
        }
        assertThat(ask(GET)).contains("\nramzswap_up 0.0\n");
    }

    @Test
    void shouldDropAHalfRequest() throws IOException {
        // Nothing asserts how soon: the test has a time limit that is shorter than most servers'.
        assertThat(readAll(send("GET /metrics HTTP/1.1\r\n"))).isEmpty();
    }

    @Test
    void shouldSayNothingOfAScraperThatGivesUp() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream standardError = System.err;
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (MetricsServer slow = MetricsServer.start(ANYWHERE, new Metrics(() -> {
            asked.countDown();
            await(gone);
            return Optional.empty();
        }))) {
            Socket scraper = connect(slow);
            scraper.setSoLinger(true, 0);
            scraper.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
            asked.await();
            scraper.close();
            gone.countDown();
            Socket other = connect(slow);
            other.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
            assertThat(readAll(other)).contains("ramzswap_up");
        } finally {
            System.setErr(standardError);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /metrics HTTP/1.1\\r\\n\\r\\n| HTTP/1.1 200 OK",
                "GET /metrics HTTP/1.0\\n\\n| HTTP/1.1 200 OK",
                "GET /metrics?name[]=ramzswap_up HTTP/1.1\\r\\n\\r\\n| HTTP/1.1 200 OK",
                "HEAD /metrics HTTP/1.1\\r\\n\\r\\n| HTTP/1.1 200 OK",
                "GET / HTTP/1.1\\r\\n\\r\\n| HTTP/1.1 404 Not Found",
                "POST /metrics HTTP/1.1\\r\\nContent-Length: 3\\r\\n\\r\\nabc| HTTP/1.1 405 Method Not Allowed",
                "hello\\r\\n\\r\\n| HTTP/1.1 400 Bad Request",
                "\\r\\n| HTTP/1.1 400 Bad Request"
            })
    void shouldAnswerInHttp(String request, String status) throws IOException {
        String answer = ask(request.replace("\\r", "\r").replace("\\n", "\n"));

        assertThat(answer).startsWith(status + "\r\n").contains("\r\nConnection: close\r\n");
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        if (request.startsWith("HEAD")) {
            assertThat(body).isEmpty();
        } else {
            assertThat(answer).contains("\r\nContent-Length: " + body.length() + "\r\n");
        }
    }

    @Test
    void shouldRefuseARequestWithoutEnd() throws IOException {
        assertThat(ask("GET /metrics HTTP/1.1\r\nX: " + "x".repeat(20_000)))
                .startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n");
    }

    @Test
    void shouldSayThatARequestWasCutOff() throws IOException {
        Socket peer = send("GET /metrics HTTP/1.1\r\n");
        peer.shutdownOutput();

        assertThat(readAll(peer)).startsWith("HTTP/1.1 400 Bad Request\r\n");
    }

    private static Socket connect(MetricsServer to) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), URI.create(to.url()).getPort());
    }

    private Socket send(String text) throws IOException {
        Socket peer = connect(server);
        peers.add(peer);
        peer.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return peer;
    }

    private String ask(String request) throws IOException {
        return readAll(send(request));
    }

    private static String readAll(Socket peer) throws IOException {
        return new String(peer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
