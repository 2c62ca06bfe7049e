package io.ramzswap.nbd.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.Waiting;
import io.ramzswap.nbd.libc.Libc;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import jnr.ffi.LibraryLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PipeTransportTest {
    private static final Libc LIBC = Libc.system();

    /** More than a pipe or a socket takes. */
    private static final int LENGTH = 2 << 20;

    private static final Pipes PIPES = LibraryLoader.create(Pipes.class).load("c");

    private int readFd = -1;
    private int writeFd = -1;

    /** What only tests make. */
    public interface Pipes {
        int pipe2(long fds, int flags);
    }

    @AfterEach
    void close() {
        LIBC.close(readFd);
        LIBC.close(writeFd);
    }

    @ParameterizedTest(name = "of a socket {0}")
    @ValueSource(booleans = {false, true})
    void shouldStopWritingWhenShutDown(boolean socket) {
        open(socket);
        final PipeTransport transport = new PipeTransport(readFd, writeFd);
        final CompletableFuture<Boolean> written = new CompletableFuture<>();
        final Thread writer =
                new Thread(() -> written.complete(transport.write(ByteBuffer.allocateDirect(LENGTH), 0, LENGTH)));
        writer.setDaemon(true);
        writer.start();
        awaitBytes();
        Waiting.untilIn(writer, "poll");
        transport.shutdown();
        assertThat(written.join()).isFalse();
    }

    @ParameterizedTest(name = "of a socket {0}")
    @ValueSource(booleans = {false, true})
    void shouldStopWritingAtTheDeadline(boolean socket) {
        open(socket);
        final PipeTransport transport = new PipeTransport(readFd, writeFd);
        final CompletableFuture<Boolean> written = new CompletableFuture<>();
        final Thread writer = new Thread(() -> {
            transport.deadlineAfter(200);
            written.complete(transport.write(ByteBuffer.allocateDirect(LENGTH), 0, LENGTH));
        });
        writer.setDaemon(true);
        writer.start();
        assertThat(written.join()).isFalse();
    }

    /** As in the handshake: whoever shuts it down does not wait until then. */
    @Test
    void shouldEndLongBeforeTheDeadlineWhenShutDown() {
        open(false);
        final PipeTransport transport = new PipeTransport(readFd, writeFd);
        final CompletableFuture<Integer> read = new CompletableFuture<>();
        final Thread reader = new Thread(() -> {
            transport.deadlineAfter(TimeUnit.HOURS.toMillis(1));
            read.complete(transport.read(ByteBuffer.allocateDirect(1), 0, 1));
        });
        reader.setDaemon(true);
        reader.start();
        Waiting.untilIn(reader, "poll");
        transport.shutdown();
        assertThat(read.join()).isEqualTo(Transport.ENDED);
    }

    @ParameterizedTest(name = "of a socket {0}")
    @ValueSource(booleans = {false, true})
    void shouldWriteAllOfIt(boolean socket) throws InterruptedException {
        open(socket);
        final ByteBuffer source = ByteBuffer.allocateDirect(LENGTH);
        final byte[] bytes = new byte[LENGTH];
        new Random(1).nextBytes(bytes);
        source.put(0, bytes);
        final Thread writer = new Thread(() -> new PipeTransport(readFd, writeFd).write(source, 1, LENGTH - 1));
        writer.start();
        final PipeTransport reader = new PipeTransport(readFd, writeFd);
        final ByteBuffer target = ByteBuffer.allocateDirect(LENGTH);
        for (int position = 1; position < LENGTH; ) {
            position += reader.read(target, position, LENGTH - position);
        }
        writer.join();
        assertThat(target.put(0, bytes[0])).isEqualTo(source);
    }

    private void open(boolean socket) {
        final ByteBuffer fds = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
        try {
            assertThat(
                            socket
                                    ? LIBC.socketpair(
                                            Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0, Libc.address(fds))
                                    : PIPES.pipe2(Libc.address(fds), Libc.O_CLOEXEC))
                    .isZero();
            readFd = fds.getInt(0);
            writeFd = fds.getInt(4);
        } finally {
            Reference.reachabilityFence(fds);
        }
    }

    private void awaitBytes() {
        final Deadline deadline = new Deadline(LIBC);
        deadline.after(30_000);
        assertThat(deadline.await(readFd, Libc.POLLIN)).isTrue();
    }
}
