package io.ramzswap.nbd.transmission;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.TestClient;
import io.ramzswap.nbd.server.NbdServer;
import io.ramzswap.nbd.server.ServerOptions;
import io.ramzswap.nbd.server.UnixListener;
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

    @TempDir
    Path directory;

    @Test
    void shouldAllocateNothingForARequest() throws IOException {
        final MemoryExport export = new MemoryExport(1 << 20, 4096);
        final List<Thread> threads = new CopyOnWriteArrayList<>();
        try (NbdServer server = new NbdServer(ExportCatalog.of(export), ServerOptions.DEFAULT, task -> {
            final Thread thread = new Thread(task);
            threads.add(thread);
            return thread;
        })) {
            final Path socket = directory.resolve("s");
            server.serve(UnixListener.listen(socket, UnixListener.OWNER_ONLY));
            try (TestClient client = new TestClient(socket).go()) {
                repeat(client, WARM_UP);
                final long[] allocated = new long[WINDOWS];
                for (int i = 0; i < WINDOWS; i++) {
                    allocated[i] = allocatedBytes(threads.get(1), client);
                }
                // The JVM itself allocates a few bytes now and then, as when it compiles a method anew. What a request
                // costs would show in every window.
                assertThat(allocated).contains(0);
                assertThat(Arrays.stream(allocated).sum()).isLessThan(WINDOWS * ROUNDS);
            }
        }
    }

    private static long allocatedBytes(Thread connection, TestClient client) throws IOException {
        final ThreadMXBean beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = beans.getThreadAllocatedBytes(connection.getId());
        repeat(client, ROUNDS);
        assertThat(before).isPositive();
        return beans.getThreadAllocatedBytes(connection.getId()) - before;
    }

    /** Every command, a refusal of each kind, a long read, and a write in two parts. */
    private static void repeat(TestClient client, int rounds) throws IOException {
        final byte[] first = TestClient.bytes(out -> {
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
        final byte[] second = new byte[8192 - 5000];
        final byte[] answers = new byte[9 * 16 + 4096 + (1 << 19)];
        for (int i = 0; i < rounds; i++) {
            client.send(first);
            client.send(second);
            client.in.readFully(answers);
        }
    }
}
