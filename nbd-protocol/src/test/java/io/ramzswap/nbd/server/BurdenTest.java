package io.ramzswap.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.TestClient;
import io.ramzswap.nbd.TestServer;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that are a burden: what they cost is bounded, and others are served all the while. */
@Timeout(300)
class BurdenTest {
    private static final int MAXIMUM_CONNECTIONS = 32;
    private static final int STRANGERS = 10_000;
    private static final int KEPT_OPEN = 200;
    private static final ServerOptions PATIENT = ServerOptions.DEFAULT.withLimits(MAXIMUM_CONNECTIONS, 1_000_000);

    private final MemoryExport export = new MemoryExport(1 << 20, 4096);

    @Test
    void shouldBearTenThousandHalfOpenHandshakes() throws IOException {
        final Deque<TestClient> strangers = new ArrayDeque<>();
        try (TestServer server = new TestServer(ExportCatalog.of(export), PATIENT);
                TestClient known = server.connect().go()) {
            assertThat(known.exchange(0, 3, 0, 0)).isZero();
            final long before = directBytes();
            for (int i = 0; i < STRANGERS; i++) {
                strangers.add(halfOpen(server, i));
                if (strangers.size() > KEPT_OPEN) {
                    strangers.remove().close();
                }
                assertThat(server.server.connections()).isLessThanOrEqualTo(2 * MAXIMUM_CONNECTIONS);
                assertThat(i % 100 == 0 ? known.exchange(0, 3, 0, 0) : 0).isZero();
            }
            assertThat(directBytes() - before)
                    .as("two buffers of 16 KiB each, and what a transport needs")
                    .isLessThan(2L * MAXIMUM_CONNECTIONS * (36 << 10));
        } finally {
            closeAll(strangers);
        }
    }

    @Test
    void shouldServeOthersWhileSomeNeverReadTheirReplies() throws IOException {
        final List<TestClient> deaf = new ArrayList<>();
        try (TestServer server = new TestServer(ExportCatalog.of(export), PATIENT)) {
            try (TestClient known = server.connect().go()) {
                for (int i = 0; i < MAXIMUM_CONNECTIONS / 2; i++) {
                    deaf.add(server.connect().go());
                    deaf.get(i).send(out -> {
                        for (int cookie = 0; cookie < 100; cookie++) {
                            out.write(TestClient.request(0, 0, cookie, 0, 1 << 20));
                        }
                    });
                }
                assertThat(known.write(0, 0, new byte[8192])).isZero();
                assertThat(known.read(0, 1 << 20)).hasSize(1 << 20);
            } finally {
                closeAll(deaf);
            }
        }
        assertThat(export.openSessions).hasValue(0);
    }

    @Test
    void shouldServeOthersBetweenTheBytesOfASlowClient() throws IOException {
        final byte[] words = TestClient.bytes(out -> {
            out.writeInt(3);
            out.writeLong(0x49484156454F5054L);
            out.writeInt(7);
            out.writeInt(6);
            out.write(TestClient.query(""));
            out.write(TestClient.request(0, 1, 5, 0, 4096));
            out.write(new byte[4096]);
        });
        try (TestServer server = new TestServer(ExportCatalog.of(export), PATIENT);
                TestClient slow = server.connect();
                TestClient other = server.connect().go()) {
            slow.readGreeting();
            for (byte word : words) {
                slow.send(new byte[] {word});
                assertThat(other.exchange(0, 3, 0, 0)).isZero();
            }
            while (slow.readOptionReply().type() != 1) {
                assertThat(export.openSessions).hasValue(2);
            }
            assertThat(slow.readReply()).isEqualTo(new TestClient.Reply(0, 5));
        }
    }

    /** One of those who connect, say a part of what they should, and stay. */
    private static TestClient halfOpen(TestServer server, int number) throws IOException {
        final TestClient client = server.connect();
        try {
            switch (number % 3) {
                case 0 -> client.send(out -> out.writeInt(3));
                case 1 ->
                    client.send(out -> {
                        out.writeInt(3);
                        out.writeLong(0x49484156454F5054L);
                        out.writeInt(7);
                        out.writeInt(-1);
                    });
                default -> {
                    // Says nothing at all.
                }
            }
        } catch (IOException e) {
            // Sent away already.
        }
        return client;
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static void closeAll(Iterable<TestClient> clients) throws IOException {
        for (TestClient client : clients) {
            client.close();
        }
    }
}
