package io.ramzswap.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.nbd.BlockSize;
import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.ExportUnavailableException;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.TestClient;
import io.ramzswap.nbd.TestServer;
import io.ramzswap.nbd.ToldLatencies;
import io.ramzswap.nbd.Waiting;
import io.ramzswap.nbd.transport.CpuLatency;
import io.ramzswap.nbd.transport.PipeTransport;
import io.ramzswap.nbd.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NbdServerTest {
    @TempDir
    Path directory;

    private final MemoryExport export = new MemoryExport(1 << 20, 4096);

    @Test
    void shouldCountTheClientsOfAnExport() throws IOException {
        try (TestServer server = TestServer.of(export)) {
            try (TestClient first = server.connect().go();
                    TestClient second = server.connect().go();
                    TestClient undecided = server.connect().greet(3)) {
                for (TestClient client : new TestClient[] {first, second}) {
                    assertThat(client.exchange(0, 3, 0, 0)).isZero();
                }
                undecided.option(3, new byte[0]);
                undecided.readOptionReply();
                assertThat(server.server.clientsOf(export)).isEqualTo(2);
                assertThat(server.server.connections()).isEqualTo(3);
            }
            awaitNoConnections(server);
            assertThat(server.server.clientsOf(export)).isZero();
        }
    }

    @Test
    void shouldKeepProcessorsAwakeWhileRequestsAreClose() throws IOException {
        final ToldLatencies told = ToldLatencies.in(directory);
        try (CpuLatency latency = told.open();
                TestServer server =
                        new TestServer(ExportCatalog.of(export), ServerOptions.DEFAULT.withCpuLatency(latency))) {
            try (TestClient client = server.connect().go()) {
                told.untilWanted(client);
                told.awaitNoLimit();
                assertThat(client.exchange(0, 3, 0, 0)).isZero();
                told.untilWanted(client);
            }
            told.awaitNoLimit();
        }
    }

    @Test
    void shouldSendAwayWhoIsOneTooMany() throws IOException {
        final ServerOptions two = ServerOptions.DEFAULT.withLimits(2, 10_000);
        try (TestServer server = new TestServer(ExportCatalog.of(export), two)) {
            try (TestClient first = server.connect().go();
                    TestClient second = server.connect().go()) {
                assertThat(first.exchange(0, 3, 0, 0)).isZero();
                assertThat(second.exchange(0, 3, 0, 0)).isZero();
                try (TestClient third = server.connect()) {
                    assertThatThrownBy(third::go).isInstanceOf(IOException.class);
                }
                assertThat(first.exchange(0, 3, 0, 0)).isZero();
                assertThat(second.exchange(0, 3, 0, 0)).isZero();
            }
            awaitNoConnections(server);
            server.connect().go().close();
        }
    }

    @Test
    void shouldNotBeKeptFromServingByThoseWhoOnlyConnect() throws IOException {
        final ServerOptions patient = ServerOptions.DEFAULT.withLimits(8, 1_000_000);
        final List<TestClient> idle = new ArrayList<>();
        try (TestServer server = new TestServer(ExportCatalog.of(export), patient);
                TestClient chosen = server.connect().go()) {
            assertThat(chosen.exchange(0, 3, 0, 0)).isZero();
            for (int i = 0; i < 200; i++) {
                idle.add(server.connect());
            }
            try (TestClient late = comeBackUntilServed(server)) {
                assertThat(late.exchange(0, 3, 0, 0)).isZero();
                assertThat(chosen.exchange(0, 3, 0, 0)).isZero();
                assertThat(server.server.connections()).isLessThanOrEqualTo(2 * 8);
            }
        } finally {
            for (TestClient client : idle) {
                client.close();
            }
        }
    }

    @Test
    void shouldSendAwayWhoDawdlesInTheHandshake() throws IOException {
        final ServerOptions hasty = ServerOptions.DEFAULT.withLimits(10, 200);
        try (TestServer server = new TestServer(ExportCatalog.of(export), hasty);
                TestClient silent = server.connect()) {
            silent.readGreeting();
            assertThat(silent.isClosedByServer()).isTrue();
            try (TestClient dribbling = server.connect().greet(3)) {
                assertThat(isSentAwayWhileDribbling(dribbling)).isTrue();
            }
        }
    }

    @Test
    void shouldNotHurryAClientThatHasChosen() throws Exception {
        final ServerOptions hasty = ServerOptions.DEFAULT.withLimits(10, 100);
        try (TestServer server = new TestServer(ExportCatalog.of(export), hasty);
                TestClient client = server.connect().go()) {
            Thread.sleep(200);
            assertThat(client.exchange(0, 3, 0, 0)).isZero();
        }
    }

    @Test
    void shouldSayOnceThatItCannotAcceptAndGoOn() throws Exception {
        final BlockingQueue<String> said = new LinkedBlockingQueue<>();
        final Semaphore failures = new Semaphore(0);
        final Listener failing = new Listener() {
            private int calls;

            @Override
            public Transport accept() throws IOException {
                failures.release();
                if (++calls == 4) {
                    return new PipeTransport(-1, -1);
                }
                throw new IOException("no descriptors " + calls);
            }

            @Override
            public String address() {
                return "nowhere";
            }

            @Override
            public boolean isPublic() {
                return false;
            }

            @Override
            public void close() {}
        };
        try (NbdServer server = new NbdServer(
                ExportCatalog.of(export), ServerOptions.DEFAULT, Thread::new, e -> said.add(e.getMessage()))) {
            server.serve(failing);
            failures.acquire(8);
        }
        assertThat(said)
                .containsExactly(
                        "nowhere: cannot accept clients, and tries again: no descriptors 1",
                        "nowhere: cannot accept clients, and tries again: no descriptors 5");
    }

    @Test
    void shouldEndAllConnectionsWhenClosed() throws IOException {
        final TestServer server = TestServer.of(export);
        try (TestClient idle = server.connect().go();
                TestClient undecided = server.connect()) {
            assertThat(idle.exchange(0, 3, 0, 0)).isZero();
            undecided.readGreeting();
            server.close();
            assertThat(idle.isClosedByServer()).isTrue();
            assertThat(undecided.isClosedByServer()).isTrue();
        }
        assertThat(server.server.connections()).isZero();
        assertThat(export.openSessions).hasValue(0);
    }

    @Test
    void shouldWaitWhenClosedForClientsThatOthersServe() throws Exception {
        final CountDownLatch told = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);
        final NbdServer server = new NbdServer(ExportCatalog.of(export), ServerOptions.DEFAULT, Thread::new);
        final Thread serving = new Thread(() -> server.serve(new SilentTransport() {
            @Override
            void waitForClient() throws InterruptedException {
                released.await();
            }

            @Override
            public void shutdown() {
                told.countDown();
            }
        }));
        serving.start();
        Waiting.untilIn(serving, "waitForClient");
        final Thread closing = new Thread(server::close);
        closing.start();
        told.await();
        Waiting.untilIn(closing, "awaitConnections");
        assertThat(server.connections()).isOne();
        released.countDown();
        closing.join();
        assertThat(server.connections()).isZero();
        serving.join();
    }

    @Test
    void shouldNotWaitWhenClosedForTheOneWhoCloses() {
        final NbdServer server = new NbdServer(ExportCatalog.of(export), ServerOptions.DEFAULT, Thread::new);
        server.serve(new SilentTransport() {
            @Override
            void waitForClient() {
                server.close();
            }
        });
        assertThat(server.connections()).isZero();
    }

    /** Of a client that says nothing and goes at last. */
    private abstract static class SilentTransport implements Transport {
        abstract void waitForClient() throws InterruptedException;

        @Override
        public int read(ByteBuffer buffer, int position, int length) {
            try {
                waitForClient();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return ENDED;
        }

        @Override
        public boolean write(ByteBuffer buffer, int position, int length) {
            return true;
        }

        @Override
        public void deadlineAfter(long millis) {}

        @Override
        public void shutdown() {}

        @Override
        public void close() {}
    }

    @Test
    void shouldCloseThoughAClientNeverReadsItsAnswers() throws IOException {
        try (TestServer server = TestServer.of(export);
                TestClient client = server.connect().go()) {
            client.send(out -> {
                for (int i = 0; i < 100; i++) {
                    out.write(TestClient.request(0, 0, i, 0, 1 << 20));
                }
            });
            assertThat(client.readReply()).isEqualTo(new TestClient.Reply(0, 0));
            server.server.close();
            assertThat(export.openSessions).hasValue(0);
        }
    }

    @Test
    void shouldGiveDescriptorsBack() throws IOException {
        try (TestServer server = TestServer.of(export)) {
            server.connect().go().close();
            awaitNoConnections(server);
            final long before = descriptors();
            for (int i = 0; i < 50; i++) {
                server.connect().go().close();
            }
            awaitNoConnections(server);
            assertThat(descriptors()).isEqualTo(before);
        }
    }

    private static void awaitConnections(NbdServer server, int count) {
        while (server.connections() > count) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldTellTheClientThatThereIsNoPlaceForIt() throws IOException {
        final List<String> complaints = new CopyOnWriteArrayList<>();
        final Path socket = directory.resolve("full");
        try (NbdServer server = new NbdServer(
                ExportCatalog.of(export),
                ServerOptions.DEFAULT.withLimits(2, 10_000),
                Thread::new,
                complaint -> complaints.add(complaint.getMessage()))) {
            server.serve(UnixListener.listen(socket, UnixListener.OWNER_ONLY));
            try (TestClient first = new TestClient(socket).go();
                    TestClient second = new TestClient(socket).go()) {
                assertThat(first.exchange(0, 3, 0, 0)).isZero();
                assertThat(second.exchange(0, 3, 0, 0)).isZero();
                for (int i = 0; i < 10; i++) {
                    try (TestClient third = new TestClient(socket).greet(3)) {
                        third.option(7, TestClient.query(""));
                        final TestClient.OptionReply reply = third.readOptionReply();
                        assertThat(reply.type()).isEqualTo(0x80000002);
                        assertThat(new String(reply.data(), StandardCharsets.UTF_8))
                                .isEqualTo("2 clients are served, the most there may be; try again when one has left");
                        third.option(1, new byte[0]);
                        assertThat(third.isClosedByServer()).isTrue();
                    }
                    awaitConnections(server, 2); // there is no place to be told in beside more than two
                }
                assertThat(first.exchange(0, 3, 0, 0)).isZero();
                assertThat(second.exchange(0, 3, 0, 0)).isZero();
            }
            assertThat(server.refusedClients()).isEqualTo(10);
            assertThat(complaints)
                    .containsExactly("unix:" + socket
                            + ": a client was refused, because 2 clients are served, the most there may be; refused so"
                            + " far: 1");
        }
    }

    @Test
    void shouldTellWhyAnExportCannotBeOpened() throws IOException {
        try (TestServer server = TestServer.of(new Resetting());
                TestClient client = server.connect().greet(3)) {
            client.option(7, TestClient.query(""));
            final TestClient.OptionReply reply = client.readOptionReply();
            assertThat(reply.type()).isEqualTo(0x80000002);
            assertThat(new String(reply.data(), StandardCharsets.UTF_8)).isEqualTo("it is being reset");
            client.option(1, new byte[0]);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    private static final class Resetting implements Export {
        @Override
        public String name() {
            return "resetting";
        }

        @Override
        public String description() {
            return "";
        }

        @Override
        public long sizeBytes() {
            return 4096;
        }

        @Override
        public int transmissionFlags() {
            return 0;
        }

        @Override
        public BlockSize blockSize() {
            return new BlockSize(1, 4096, 4096);
        }

        @Override
        public ExportSession open() {
            throw new ExportUnavailableException("it is being reset");
        }
    }

    /** Those who are told to leave need a moment; without them leaving this ends at the test's time limit. */
    private static TestClient comeBackUntilServed(TestServer server) throws IOException {
        while (!Thread.currentThread().isInterrupted()) {
            final TestClient client = server.connect();
            try {
                return client.go();
            } catch (IOException e) {
                client.close();
            }
        }
        throw new AssertionError("never served");
    }

    private static boolean isSentAwayWhileDribbling(TestClient client) throws IOException {
        try {
            // An option of 4 GiB, a byte at a time: each byte alone comes well within the limit.
            client.send(TestClient.bytes(out -> {
                out.writeLong(0x49484156454F5054L);
                out.writeInt(77);
                out.writeInt(-1);
            }));
            while (true) {
                client.send(new byte[1]);
                Thread.sleep(5);
            }
        } catch (IOException e) {
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static void awaitNoConnections(TestServer server) {
        while (server.server.connections() > 0) {
            Thread.onSpinWait();
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
