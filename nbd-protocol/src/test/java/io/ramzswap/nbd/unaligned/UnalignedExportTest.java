package io.ramzswap.nbd.unaligned;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.ChunkClient;
import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.Extent;
import io.ramzswap.nbd.ForwardingExport;
import io.ramzswap.nbd.ForwardingSession;
import io.ramzswap.nbd.HookedExport;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.TestClient;
import io.ramzswap.nbd.TestServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class UnalignedExportTest {
    private static final int SIZE = 1 << 20;

    private final MemoryExport device = new MemoryExport(SIZE, 4096);
    private final Export export = UnalignedExport.of(device);

    @Test
    void shouldTellThatAnyBlockWillDo() {
        assertThat(export.blockSize().minimum()).isEqualTo(1);
        assertThat(export.blockSize().preferred()).isEqualTo(4096);
        assertThat(UnalignedExport.of(export)).isSameAs(export);
    }

    @ParameterizedTest(name = "seed {0}, chunked {1}")
    @CsvSource({"1, false", "2, false", "3, true", "4, true"})
    void shouldBehaveLikeAByteArray(long seed, boolean chunked) throws IOException {
        final Random random = new Random(seed);
        final byte[] model = new byte[SIZE];
        try (TestServer server = TestServer.of(export);
                TestClient writer = server.connect().go();
                ChunkClient reader = new ChunkClient(server, seed % 2 == 0)) {
            for (int i = 0; i < 500; i++) {
                final int offset = random.nextInt(SIZE);
                final int length = 1 + random.nextInt(Math.min(SIZE - offset, 1 << (1 + random.nextInt(19))));
                switch (random.nextInt(3)) {
                    case 0 -> {
                        final byte[] payload = new byte[length];
                        random.nextBytes(payload);
                        System.arraycopy(payload, 0, model, offset, length);
                        assertThat(writer.write(0, offset, payload)).isZero();
                    }
                    case 1 -> {
                        Arrays.fill(model, offset, offset + length, (byte) 0);
                        assertThat(writer.exchange(0, 6, offset, length)).isZero();
                    }
                    default -> {
                        final byte[] read = chunked
                                ? ChunkClient.assemble(reader.exchange(0, 0, offset, length), offset, length)
                                : writer.read(offset, length);
                        assertThat(Arrays.equals(read, Arrays.copyOfRange(model, offset, offset + length)))
                                .as("read %d", i)
                                .isTrue();
                    }
                }
            }
        }
        assertThat(Arrays.equals(device.bytes, model)).isTrue();
    }

    @Test
    void shouldTrimOnlyWholeBlocks() {
        Arrays.fill(device.bytes, (byte) 1);
        try (ExportSession session = export.open()) {
            assertThat(session.trim(100, 4096)).isZero();
            assertThat(device.trims).hasValue(0);
            assertThat(session.trim(100, 8192)).isZero();
        }
        assertThat(Arrays.copyOfRange(device.bytes, 4096, 8192)).containsOnly(0);
        assertThat(Arrays.copyOf(device.bytes, 4096)).containsOnly(1);
        assertThat(Arrays.copyOfRange(device.bytes, 8192, SIZE)).containsOnly(1);
    }

    @Test
    void shouldClipExtents() {
        Arrays.fill(device.bytes, 4096, SIZE, (byte) 1);
        try (ExportSession session = export.open()) {
            final long first = session.extent(100, 10_000);
            assertThat(Extent.length(first)).isEqualTo(3996);
            assertThat(Extent.isZero(first)).isTrue();
            assertThat(Extent.length(session.extent(5000, 7))).isEqualTo(7);
        }
    }

    @Test
    void shouldPassErrorsOnAndChangeNothingButWhatIsLost() {
        Arrays.fill(device.bytes, (byte) 1);
        device.badByte = 4096;
        final ByteBuffer source = ByteBuffer.allocateDirect(8192);
        try (ExportSession session = export.open()) {
            assertThat(session.write(5000, 10, source, 0)).isEqualTo(NbdError.EIO);
            assertThat(session.writeZeroes(5000, 10)).isEqualTo(NbdError.EIO);
            assertThat(device.bytes).containsOnly(1);
            assertThat(session.read(5000, 10, source, 0)).isEqualTo(NbdError.EIO);

            assertThat(session.write(4096, 8192, source, 0)).isEqualTo(NbdError.ENOSPC);
        }
        assertThat(Arrays.copyOf(device.bytes, 4096)).containsOnly(1);
        assertThat(Arrays.copyOfRange(device.bytes, 4096, 12_288)).containsOnly(MemoryExport.LOST);
        assertThat(Arrays.copyOfRange(device.bytes, 12_288, SIZE)).containsOnly(1);
    }

    @Test
    void shouldSendWhatStandsReadyAgainAfterAWriteThatWasGivenUp() {
        device.badByte = 4096;
        device.farByte = 20_000;
        device.arrival.countDown();
        final ByteBuffer source = ByteBuffer.allocateDirect(8192);
        final AtomicInteger sent = new AtomicInteger();
        try (ExportSession session = export.open()) {
            session.beforeWaiting(sent::incrementAndGet);
            assertThat(session.write(5000, 8192, source, 0)).isEqualTo(NbdError.EIO);
            assertThat(device.bytes[8192]).as("locked, and given up").isEqualTo(MemoryExport.LOST);

            assertThat(session.read(20_000, 10, source, 0)).isEqualTo(NbdError.OK);
            assertThat(sent).hasValue(1);
        }
    }

    @Test
    void shouldNotWriteBackWhatItCouldNotRead() {
        Arrays.fill(device.bytes, (byte) 1);
        final Export unreadable = UnalignedExport.of(new ForwardingExport(device) {
            @Override
            public ExportSession open() {
                return new ForwardingSession(device.open()) {
                    @Override
                    public int read(long offset, int length, ByteBuffer destination, int position) {
                        return NbdError.EIO;
                    }
                };
            }
        });
        try (ExportSession session = unreadable.open()) {
            assertThat(session.write(5000, 10, ByteBuffer.allocateDirect(10), 0))
                    .isEqualTo(NbdError.EIO);
            assertThat(session.writeZeroes(5000, 10)).isEqualTo(NbdError.EIO);
        }
        assertThat(device.bytes).containsOnly(1);
    }

    @Test
    void shouldWaitForItsClientOnlyWhileItKeepsNobodyOut() throws Exception {
        device.farByte = 10;
        device.arrival.countDown();
        final ByteBuffer source = ByteBuffer.allocateDirect(8192);
        final AtomicInteger waits = new AtomicInteger();
        final ExecutorService others = Executors.newSingleThreadExecutor();
        try (ExportSession session = export.open();
                ExportSession other = export.open()) {
            session.beforeWaiting(() -> {
                // A client who reads nothing until another one's write, of a block under the same lock, is done.
                try {
                    assertThat(others.submit(() -> other.write(4097, 1, source, 0))
                                    .get())
                            .isZero();
                    waits.incrementAndGet();
                } catch (InterruptedException | ExecutionException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(session.write(3, 5, source, 0)).isZero();
            assertThat(session.write(0, 8192, source, 0)).isZero();
            assertThat(session.writeZeroes(3, 5)).isZero();
            assertThat(session.writeZeroes(0, 4096)).isZero();
            assertThat(session.trim(0, 4096)).isZero();
            assertThat(waits).hasValue(0);
            assertThat(session.read(0, 4096, source, 0)).isZero();
            assertThat(session.read(3, 5, source, 0)).isZero();
            assertThat(waits).hasValue(2);
        } finally {
            others.shutdownNow();
        }
    }

    @Test
    void shouldNotLoseBytesThatNeighboursWriteAtOnce() throws Exception {
        final int writers = 4;
        final int rounds = 100;
        device.pauseAfterReadNanos = 20_000;
        final AtomicInteger lost = new AtomicInteger();
        final Thread[] threads = IntStream.range(0, writers)
                .mapToObj(writer -> new Thread(() -> {
                    try (ExportSession session = export.open()) {
                        final ByteBuffer source = ByteBuffer.allocateDirect(1);
                        for (int i = 0; i < rounds; i++) {
                            source.put(0, (byte) i);
                            session.write(writer, 1, source, 0);
                            // Nobody else writes this byte; time for a neighbour's old copy of it to arrive.
                            LockSupport.parkNanos(device.pauseAfterReadNanos);
                            session.read(writer, 1, source, 0);
                            if (source.get(0) != (byte) i) {
                                lost.incrementAndGet();
                            }
                        }
                    }
                }))
                .toArray(Thread[]::new);
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(lost).hasValue(0);
    }

    @Test
    void shouldNotBringBackWhatAWholeBlockReplaced() throws Exception {
        device.pauseAfterReadNanos = 200_000;
        final AtomicInteger stale = new AtomicInteger();
        final Thread changer = new Thread(() -> changeOneByteAgainAndAgain(200));
        changer.start();
        try (ExportSession session = export.open()) {
            final ByteBuffer source = ByteBuffer.allocateDirect(8192);
            for (int i = 0; changer.isAlive(); i++) {
                source.put(4097, (byte) i);
                session.write(0, 8192, source, 0);
                // Time for an old copy of the block to arrive.
                LockSupport.parkNanos(2 * device.pauseAfterReadNanos);
                if (device.bytes[4097] != (byte) i) {
                    stale.incrementAndGet();
                }
            }
        }
        assertThat(stale).hasValue(0);
    }

    private void changeOneByteAgainAndAgain(int times) {
        try (ExportSession session = export.open()) {
            final ByteBuffer source = ByteBuffer.allocateDirect(1);
            for (int i = 0; i < times; i++) {
                session.write(4096, 1, source, 0);
            }
        }
    }

    @Test
    void shouldWriteWholeBlocksAtOnce() throws Exception {
        final CyclicBarrier bothInside = new CyclicBarrier(2);
        final Export meeting =
                UnalignedExport.of(new HookedExport(device, offset -> bothInside.await(20, TimeUnit.SECONDS)));
        final Callable<Integer> write = () -> {
            try (ExportSession session = meeting.open()) {
                return session.write(0, 8192, ByteBuffer.allocateDirect(8192), 0);
            }
        };
        final ExecutorService other = Executors.newSingleThreadExecutor();
        final Future<Integer> theirs = other.submit(write);
        assertThat(write.call()).isZero();
        assertThat(theirs.get()).isZero();
        other.shutdown();
    }

    @Test
    void shouldServeSmallRequestsToAClientThatDidNotAsk() throws IOException {
        try (TestServer server = TestServer.of(export);
                TestClient client = server.connect()) {
            client.greet(3).option(1, new byte[0]);
            client.in.readNBytes(10);
            assertThat(client.write(0, 511, new byte[] {1, 2, 3})).isZero();
            assertThat(client.read(510, 5)).containsExactly(0, 1, 2, 3, 0);
        }
    }
}
