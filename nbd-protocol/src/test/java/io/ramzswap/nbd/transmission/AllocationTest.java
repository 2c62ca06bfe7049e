package io.ramzswap.nbd.transmission;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ramzswap.nbd.ChunkClient;
import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.TestClient;
import io.ramzswap.nbd.ToldLatencies;
import io.ramzswap.nbd.server.NbdServer;
import io.ramzswap.nbd.server.ServerOptions;
import io.ramzswap.nbd.server.UnixListener;
import io.ramzswap.nbd.transport.CpuLatency;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The promise that swap rests on: a request costs no heap memory. */
@Timeout(120)
class AllocationTest {
    private static final int WARM_UP = 3000;
    private static final int ROUNDS = 500;
    private static final int WINDOWS = 5;

    private static final long LAST_COOKIE = 1 << 18;

    /** Longer than a connection's buffers, so it is stored in pieces. */
    private static final int LONG_WRITE_BYTES = 300 << 10;

    private static final byte[] SIMPLE_FIRST = TestClient.bytes(out -> {
        out.write(TestClient.request(0, 1, 10, 1 << 19, LONG_WRITE_BYTES));
        out.write(new byte[LONG_WRITE_BYTES]);
        out.write(TestClient.request(0, 0, 1, 0, 4096));
        out.write(TestClient.request(0, 0, 2, 0, 1 << 19));
        out.write(TestClient.request(0, 0, 3, 1 << 20, 4096));
        out.write(TestClient.request(0, 3, 4, 0, 0));
        out.write(TestClient.request(0, 4, 5, 0, 8192));
        out.write(TestClient.request(1, 6, 6, 0, 8192));
        out.write(TestClient.request(0, 99, 7, 0, 0));
        out.write(TestClient.request(0, 1, 8, 1 << 20, 4096));
        out.write(new byte[4096]);
        out.write(TestClient.request(1, 1, 9, 0, 8192));
        out.write(new byte[5000]);
    });
    private static final byte[] STRUCTURED_FIRST = chunkedRequests(false);
    private static final byte[] EXTENDED_FIRST = chunkedRequests(true);
    private static final byte[] SECOND = new byte[8192 - 5000];
    private static final byte[] SIMPLE_ANSWERS = new byte[10 * 16 + 4096 + (1 << 19)];

    @TempDir
    Path directory;

    @Test
    void shouldAllocateNothingForASimpleReply() throws IOException {
        assertNothingIsAllocated(client -> client.go(), AllocationTest::repeatSimple);
    }

    @Test
    void shouldAllocateNothingForAStructuredReply() throws IOException {
        assertNothingIsAllocated(client -> chunked(client, false), client -> repeatChunked(client, false));
    }

    @Test
    void shouldAllocateNothingForAnExtendedReply() throws IOException {
        assertNothingIsAllocated(client -> chunked(client, true), client -> repeatChunked(client, true));
    }

    /** What is done with a client. */
    private interface Step {
        void with(TestClient client) throws IOException;
    }

    private void assertNothingIsAllocated(Step handshake, Step round) throws IOException {
        final MemoryExport export = new MemoryExport(1 << 20, 4096);
        Arrays.fill(export.bytes, 0, 1 << 19, (byte) 1);
        final List<Thread> threads = new CopyOnWriteArrayList<>();
        try (CpuLatency latency = ToldLatencies.in(directory).open();
                NbdServer server =
                        new NbdServer(ExportCatalog.of(export), ServerOptions.DEFAULT.withCpuLatency(latency), task -> {
                            final Thread thread = new Thread(task);
                            threads.add(thread);
                            return thread;
                        })) {
            final Path socket = directory.resolve("s");
            server.serve(UnixListener.listen(socket, UnixListener.OWNER_ONLY));
            try (TestClient client = new TestClient(socket)) {
                handshake.with(client);
                repeat(round, client, WARM_UP);
                final long[] allocated = new long[WINDOWS];
                for (int i = 0; i < WINDOWS; i++) {
                    allocated[i] = allocatedBytes(threads.get(1), round, client);
                }
                // The JVM itself allocates a few bytes now and then, as when it compiles a method anew. What a request
                // costs would show in every window.
                assertThat(allocated).contains(0);
                assertThat(Arrays.stream(allocated).sum()).isLessThan(WINDOWS * ROUNDS);
            }
        }
    }

    private static long allocatedBytes(Thread connection, Step round, TestClient client) throws IOException {
        final ThreadMXBean beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = beans.getThreadAllocatedBytes(connection.getId());
        repeat(round, client, ROUNDS);
        assertThat(before).isPositive();
        return beans.getThreadAllocatedBytes(connection.getId()) - before;
    }

    private static void repeat(Step round, TestClient client, int rounds) throws IOException {
        for (int i = 0; i < rounds; i++) {
            round.with(client);
        }
    }

    /** Every command, a refusal of each kind, a long read, and a write in two parts. */
    private static void repeatSimple(TestClient client) throws IOException {
        client.send(SIMPLE_FIRST);
        client.send(SECOND);
        client.in.readFully(SIMPLE_ANSWERS);
    }

    private static void chunked(TestClient client, boolean extended) throws IOException {
        assertThat(new ChunkClient(client, extended, "base:allocation", "x-test:state").client)
                .isSameAs(client);
    }

    /** The same, with a read of holes and data, one without fragments, and a status; told by the last cookie. */
    private static void repeatChunked(TestClient client, boolean extended) throws IOException {
        client.send(extended ? EXTENDED_FIRST : STRUCTURED_FIRST);
        client.send(SECOND);
        long cookie;
        do {
            final int magic = client.in.readInt();
            assertThat(magic).isEqualTo(extended ? 0x6e8a278c : 0x668e33ef);
            client.in.readInt();
            cookie = client.in.readLong();
            if (extended) {
                client.in.readLong();
            }
            client.in.skipNBytes(extended ? client.in.readLong() : client.in.readInt());
        } while (cookie != LAST_COOKIE);
    }

    private static byte[] chunkedRequests(boolean extended) {
        final int payload = extended ? 32 : 0;
        return TestClient.bytes(out -> {
            request(out, extended, 0, 0, 0, 4096);
            request(out, extended, 0, 0, 0, 1 << 20);
            request(out, extended, 4, 0, (1 << 19) - 4096, 8192);
            request(out, extended, 0, 0, 1 << 20, 4096);
            request(out, extended, 0, 3, 0, 0);
            request(out, extended, 0, 4, 1 << 19, 8192);
            request(out, extended, 1, 6, 1 << 19, 8192);
            request(out, extended, 0, 99, 0, 0);
            request(out, extended, 0, 7, 0, 1 << 20);
            request(out, extended, 8, 7, 0, 1 << 20);
            request(out, extended, payload, 1, 1 << 20, 4096);
            out.write(new byte[4096]);
            request(out, extended, payload | 1, 1, LAST_COOKIE, 8192);
            out.write(new byte[5000]);
        });
    }

    /** Its offset is its cookie. */
    private static void request(DataOutputStream out, boolean extended, int flags, int type, long offset, long length)
            throws IOException {
        out.write(TestClient.request(extended, flags, type, offset, offset, length));
    }
}
