package io.ramzswap.nbd.transmission;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.BlockSize;
import io.ramzswap.nbd.ChunkClient;
import io.ramzswap.nbd.ChunkClient.Chunk;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.TestServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ChunkedRepliesTest {
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int FLUSH = 3;
    private static final int TRIM = 4;
    private static final int WRITE_ZEROES = 6;
    private static final int BLOCK_STATUS = 7;
    private static final int DF = 4;
    private static final int REQ_ONE = 8;
    private static final int PAYLOAD_LEN = 32;
    private static final int SIZE = 4 << 20;
    private static final String[] BOTH = {"base:allocation", "x-test:state"};

    private final MemoryExport export = new MemoryExport(SIZE, 4096);
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.of(export);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        assertThat(export.openSessions).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTellZeroesAsHoles(boolean extended) throws IOException {
        Arrays.fill(export.bytes, 8192, 16384, (byte) 5);
        try (ChunkClient client = new ChunkClient(server, extended)) {
            final List<Chunk> chunks = client.exchange(0, READ, 0, 1 << 20);

            assertThat(chunks).extracting(Chunk::type).containsExactly(2, 1, 2);
            assertThat(chunks.get(0).buffer()).isEqualTo(longAndInt(0, 8192));
            assertThat(chunks.get(1).payload()).hasSize(8 + 8192);
            assertThat(chunks.get(2).buffer()).isEqualTo(longAndInt(16384, (1 << 20) - 16384));
            assertThat(ChunkClient.assemble(chunks, 0, 1 << 20)).isEqualTo(Arrays.copyOf(export.bytes, 1 << 20));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReadMoreThanItsBufferHolds(boolean extended) throws IOException {
        new Random(1).nextBytes(export.bytes);
        Arrays.fill(export.bytes, 100 * 4096, 300 * 4096, (byte) 0);
        try (ChunkClient client = new ChunkClient(server, extended)) {
            final List<Chunk> chunks = client.exchange(0, READ, 0, SIZE);
            assertThat(Arrays.equals(ChunkClient.assemble(chunks, 0, SIZE), export.bytes))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStreamTheLongestRead(boolean extended) throws IOException {
        final int longest = BlockSize.LONGEST_PAYLOAD;
        final MemoryExport large = new MemoryExport(
                "test", longest, MemoryExport.ALL_FLAGS, new BlockSize(4096, 4096, BlockSize.LONGEST_PAYLOAD));
        new Random(2).nextBytes(large.bytes);
        try (TestServer streaming = TestServer.of(large);
                ChunkClient client = new ChunkClient(streaming, extended)) {
            final List<Chunk> chunks = client.exchange(0, READ, 0, longest);
            assertThat(Arrays.mismatch(ChunkClient.assemble(chunks, 0, longest), large.bytes))
                    .isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotFragmentWhenAskedNotTo(boolean extended) throws IOException {
        Arrays.fill(export.bytes, 8192, 16384, (byte) 5);
        try (ChunkClient client = new ChunkClient(server, extended)) {
            final List<Chunk> chunks = client.exchange(DF, READ, 0, 65_536);
            assertThat(chunks).extracting(Chunk::type).containsExactly(1);
            assertThat(ChunkClient.assemble(chunks, 0, 65_536)).isEqualTo(Arrays.copyOf(export.bytes, 65_536));

            assertThat(onlyError(client.exchange(DF, READ, 0, SIZE))).isEqualTo(NbdError.EOVERFLOW);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTellWhereAReadFailedAndGoOn(boolean extended) throws IOException {
        Arrays.fill(export.bytes, (byte) 1);
        export.badByte = 3 << 20;
        try (ChunkClient client = new ChunkClient(server, extended)) {
            final List<Chunk> chunks = client.exchange(0, READ, 0, SIZE);

            final Chunk last = chunks.get(chunks.size() - 1);
            assertThat(last.type()).isEqualTo(0x8002);
            assertThat(last.error()).isEqualTo(NbdError.EIO);
            final long failedAt = last.buffer().getLong(last.payload().length - 8);
            assertThat(failedAt).isBetween(2L << 20, 3L << 20);
            assertThat(ChunkClient.assemble(chunks.subList(0, chunks.size() - 1), 0, (int) failedAt))
                    .containsOnly(1);
            assertThat(client.exchange(0, FLUSH, 0, 0)).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTellErrorsInWords(boolean extended) throws IOException {
        try (ChunkClient client = new ChunkClient(server, extended)) {
            final List<Chunk> chunks = client.exchange(0, READ, SIZE, 4096);

            assertThat(onlyError(chunks)).isEqualTo(NbdError.EINVAL);
            final ByteBuffer payload = chunks.get(0).buffer();
            assertThat(payload.getShort(4))
                    .isEqualTo((short) (payload.capacity() - 6))
                    .isPositive();
            assertThat(onlyError(client.exchange(0, 99, 0, 0))).isEqualTo(NbdError.EINVAL);
            assertThat(onlyError(client.exchange(0, BLOCK_STATUS, 0, 4096))).isEqualTo(NbdError.EINVAL);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAnswerTheOtherCommands(boolean extended) throws IOException {
        try (ChunkClient client = new ChunkClient(server, extended)) {
            final byte[] payload = new byte[8192];
            Arrays.fill(payload, (byte) 3);
            assertThat(onlyDone(client.write(1, 4096, payload))).isTrue();
            assertThat(Arrays.copyOfRange(export.bytes, 4096, 12288)).isEqualTo(payload);
            assertThat(onlyDone(client.exchange(0, TRIM, 4096, 4096))).isTrue();
            assertThat(onlyDone(client.exchange(0, WRITE_ZEROES, 8192, 4096))).isTrue();
            assertThat(onlyDone(client.exchange(0, FLUSH, 0, 0))).isTrue();
            assertThat(onlyDone(client.exchange(0, READ, 0, 0))).isTrue();
            assertThat(export.bytes).containsOnly(0);
            assertThat(onlyError(client.write(0, SIZE, new byte[4096]))).isEqualTo(NbdError.ENOSPC);
            assertThat(onlyDone(client.exchange(0, FLUSH, 0, 0))).isTrue();
        }
    }

    @Test
    void shouldTellExtentsOfEachContext() throws IOException {
        Arrays.fill(export.bytes, 8192, 16384, (byte) 5);
        try (ChunkClient client = new ChunkClient(server, false, BOTH)) {
            final List<Chunk> chunks = client.exchange(0, BLOCK_STATUS, 4096, SIZE - 4096);

            assertThat(chunks).extracting(Chunk::type).containsExactly(5, 5);
            assertThat(chunks.get(0).buffer()).isEqualTo(ints(1, 4096, 3, 8192, 0, SIZE - 16384, 3));
            assertThat(chunks.get(1).buffer()).isEqualTo(ints(2, 4096, 8, 8192, 7, SIZE - 16384, 8));
        }
    }

    @Test
    void shouldTellExtentsIn64Bits() throws IOException {
        Arrays.fill(export.bytes, 8192, 16384, (byte) 5);
        try (ChunkClient client = new ChunkClient(server, true, "base:allocation")) {
            final List<Chunk> chunks = client.exchange(0, BLOCK_STATUS, 4096, 8192);

            assertThat(chunks).extracting(Chunk::type).containsExactly(6);
            assertThat(chunks.get(0).buffer()).isEqualTo(ints(1, 2, 0, 4096, 0, 3, 0, 4096, 0, 0));
        }
    }

    @Test
    void shouldTellOneExtentWhenAskedForOne() throws IOException {
        export.bytes[8192] = 1;
        try (ChunkClient client = new ChunkClient(server, false, BOTH)) {
            final List<Chunk> chunks = client.exchange(REQ_ONE, BLOCK_STATUS, 0, SIZE);
            assertThat(client.exchange(REQ_ONE, BLOCK_STATUS, 0, 4096).get(0).buffer())
                    .isEqualTo(ints(1, 4096, 3));
            assertThat(chunks.get(0).buffer()).isEqualTo(ints(1, 8192, 3));
            assertThat(chunks.get(1).buffer()).isEqualTo(ints(2, 8192, 8));
        }
    }

    @Test
    void shouldTellAsManyExtentsAsFit() throws IOException {
        final MemoryExport small = new MemoryExport(64 << 20, 512);
        for (int i = 0; i < small.bytes.length; i += 1024) {
            small.bytes[i] = 1;
        }
        try (TestServer other = TestServer.of(small);
                ChunkClient client = new ChunkClient(other, false, "base:allocation")) {
            final List<Chunk> chunks = client.exchange(0, BLOCK_STATUS, 0, 64 << 20);
            assertThat(chunks).hasSize(1);
            assertThat(chunks.get(0).payload().length).isBetween(4 + 8 * 1000, 256 << 10);
            assertThat(chunks.get(0).buffer().getLong(4)).isEqualTo(512L << 32);
        }
    }

    @Test
    void shouldRefuseAStatusOfNothing() throws IOException {
        try (ChunkClient client = new ChunkClient(server, false, BOTH)) {
            assertThat(onlyError(client.exchange(0, BLOCK_STATUS, 0, 0))).isEqualTo(NbdError.EINVAL);
            assertThat(onlyError(client.exchange(0, BLOCK_STATUS, SIZE, 4096))).isEqualTo(NbdError.EINVAL);
        }
    }

    @Test
    void shouldRefuse64BitRangesThatOverflow() throws IOException {
        try (ChunkClient client = new ChunkClient(server, true, BOTH)) {
            for (long length :
                    new long[] {1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE - 4095, Long.MIN_VALUE, -4096}) {
                assertThat(onlyError(client.exchange(0, TRIM, 4096, length))).isEqualTo(NbdError.EINVAL);
                assertThat(onlyError(client.exchange(0, WRITE_ZEROES, 4096, length)))
                        .isEqualTo(NbdError.ENOSPC);
                assertThat(onlyError(client.exchange(0, READ, -length, length))).isEqualTo(NbdError.EINVAL);
            }
            assertThat(onlyDone(client.exchange(0, WRITE_ZEROES, 0, SIZE))).isTrue();
        }
    }

    @Test
    void shouldConsumeAPayloadWhereNoneBelongs() throws IOException {
        try (ChunkClient client = new ChunkClient(server, true)) {
            assertThat(onlyError(client.exchange(PAYLOAD_LEN, TRIM, 0, 5000, new byte[5000])))
                    .isEqualTo(NbdError.EINVAL);
            assertThat(onlyError(client.exchange(0, WRITE, 0, 4096))).isEqualTo(NbdError.EINVAL);
            assertThat(onlyDone(client.exchange(0, FLUSH, 0, 0))).isTrue();
            client.send(PAYLOAD_LEN, WRITE, 1, 0, Long.MIN_VALUE);
            assertThat(client.readReply(1, 0)).hasSize(1);
            assertThat(client.client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void shouldCloseOnACompactRequestAfterExtendedHeaders() throws IOException {
        try (ChunkClient client = new ChunkClient(server, true)) {
            client.client.send(io.ramzswap.nbd.TestClient.request(0, FLUSH, 1, 0, 0));
            client.client.send(new byte[4]);
            assertThat(client.client.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13, 14})
    void shouldBehaveLikeAByteArray(long seed) throws IOException {
        final Random random = new Random(seed);
        final byte[] model = new byte[SIZE];
        try (ChunkClient client = new ChunkClient(server, seed % 2 == 0, BOTH)) {
            for (int i = 0; i < 400; i++) {
                final int offset = random.nextInt(SIZE / 4096) * 4096;
                final int length = Math.min(SIZE - offset, 4096 * (1 + random.nextInt(1 << random.nextInt(8))));
                switch (random.nextInt(4)) {
                    case 0 -> {
                        final byte[] payload = new byte[length];
                        random.nextBytes(payload);
                        System.arraycopy(payload, 0, model, offset, length);
                        assertThat(onlyDone(client.write(0, offset, payload))).isTrue();
                    }
                    case 1 -> {
                        Arrays.fill(model, offset, offset + length, (byte) 0);
                        assertThat(onlyDone(client.exchange(0, WRITE_ZEROES, offset, length)))
                                .isTrue();
                    }
                    case 2 ->
                        assertThat(zeroes(client.exchange(0, BLOCK_STATUS, offset, length), seed % 2 == 0))
                                .isEqualTo(zeroes(model, offset, length));
                    default ->
                        assertThat(Arrays.equals(
                                        ChunkClient.assemble(client.exchange(0, READ, offset, length), offset, length),
                                        Arrays.copyOfRange(model, offset, offset + length)))
                                .as("read %d of seed %d", i, seed)
                                .isTrue();
                }
            }
        }
    }

    /** A boolean for each page: whether the first context tells that it is zero. */
    private static List<Boolean> zeroes(List<Chunk> chunks, boolean extended) {
        final ByteBuffer payload = chunks.get(0).buffer();
        payload.position(extended ? 8 : 4);
        final List<Boolean> zeroes = new ArrayList<>();
        while (payload.hasRemaining()) {
            final long length = extended ? payload.getLong() : payload.getInt();
            final boolean zero = (extended ? payload.getLong() : payload.getInt()) == 3;
            for (long i = 0; i < length; i += 4096) {
                zeroes.add(zero);
            }
        }
        return zeroes;
    }

    private static List<Boolean> zeroes(byte[] model, int offset, int length) {
        final List<Boolean> zeroes = new ArrayList<>();
        for (int page = offset; page < offset + length; page += 4096) {
            zeroes.add(Arrays.equals(model, page, page + 4096, new byte[4096], 0, 4096));
        }
        return zeroes;
    }

    private static boolean onlyDone(List<Chunk> chunks) {
        return chunks.size() == 1 && chunks.get(0).type() == 0 && chunks.get(0).payload().length == 0;
    }

    private static int onlyError(List<Chunk> chunks) {
        assertThat(chunks).hasSize(1);
        return chunks.get(0).error();
    }

    private static ByteBuffer ints(int... values) {
        final ByteBuffer buffer = ByteBuffer.allocate(4 * values.length);
        buffer.asIntBuffer().put(values);
        return buffer;
    }

    private static ByteBuffer longAndInt(long first, int second) {
        return ByteBuffer.allocate(12).putLong(first).putInt(second).flip();
    }
}
