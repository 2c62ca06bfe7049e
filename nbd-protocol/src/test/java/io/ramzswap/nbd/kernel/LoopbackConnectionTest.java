package io.ramzswap.nbd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.ToldLatencies;
import io.ramzswap.nbd.transport.CpuLatency;
import io.ramzswap.nbd.wire.Command;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LoopbackConnectionTest {
    private static final int BLOCK = 4096;

    private final MemoryExport export = new MemoryExport(64 * BLOCK, BLOCK);
    private final List<Thread> servers = new ArrayList<>();

    @TempDir
    Path directory;

    private LoopbackConnection open() throws IOException {
        return open(KernelOptions.forSwap());
    }

    private LoopbackConnection open(KernelOptions options) throws IOException {
        return LoopbackConnection.open(export, options, task -> {
            final Thread thread = new Thread(task);
            servers.add(thread);
            return thread;
        });
    }

    @Test
    void shouldBeServedABatchInItsOrder() throws IOException {
        final ByteBuffer data = ByteBuffer.allocate(3 * BLOCK);
        data.put(BLOCK, (byte) 7).put(2 * BLOCK - 1, (byte) 9);
        try (LoopbackConnection connection = open()) {
            connection.addWrite(5 * BLOCK, BLOCK, data, BLOCK);
            connection.add(Command.FLUSH, 0, 0);
            connection.add(Command.READ, 5 * BLOCK, BLOCK);
            connection.add(Command.READ, 64 * BLOCK, BLOCK);
            connection.add(Command.TRIM, 0, BLOCK);
            connection.send();

            assertThat(connection.await()).isEqualTo(NbdError.OK);
            assertThat(connection.await()).isEqualTo(NbdError.OK);
            assertThat(connection.awaitData(BLOCK, data, 0)).isEqualTo(NbdError.OK);
            assertThat(connection.awaitData(BLOCK, data, 0)).isEqualTo(NbdError.EINVAL);
            assertThat(connection.await()).isEqualTo(NbdError.OK);
        }
        assertThat(data.get(0)).isEqualTo((byte) 7);
        assertThat(data.get(BLOCK - 1)).isEqualTo((byte) 9);
        assertThat(export.flushes).hasValue(1);
        assertThat(export.trims).hasValue(1);
    }

    @Test
    void shouldKeepProcessorsAwakeWhileRequestsAreClose() throws IOException {
        final ToldLatencies told = ToldLatencies.in(directory);
        try (CpuLatency latency = told.open();
                LoopbackConnection connection = open(KernelOptions.forSwap().withCpuLatency(latency))) {
            told.repeatUntil(ToldLatencies.WANTED, () -> flushMany(connection));
            told.awaitNoLimit();
            flushMany(connection);
        }
        assertThat(told.last()).isEqualTo(ToldLatencies.NO_LIMIT);
    }

    /** One after the other goes out, and no answer is waited for before all have. */
    private static void flushMany(LoopbackConnection connection) throws IOException {
        for (int i = 0; i < 100; i++) {
            connection.add(Command.FLUSH, 0, 0);
            connection.send();
        }
        for (int i = 0; i < 100; i++) {
            assertThat(connection.await()).isEqualTo(NbdError.OK);
        }
    }

    @Test
    void shouldLeaveNothingBehind() throws IOException {
        open().close();
        assertThat(servers).hasSize(1).noneMatch(Thread::isAlive);
        assertThat(export.openSessions).hasValue(0);
    }

    @Test
    void shouldTellWhenTheServerIsGone() throws IOException {
        try (LoopbackConnection connection = open()) {
            connection.add(Command.DISC, 0, 0);
            connection.send();
            assertThatThrownBy(connection::await)
                    .isInstanceOf(IOException.class)
                    .hasMessage("the server ended the connection");
        }
    }
}
