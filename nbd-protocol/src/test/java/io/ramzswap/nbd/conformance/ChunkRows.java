package io.ramzswap.nbd.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramzswap.nbd.ChunkClient;
import io.ramzswap.nbd.ChunkClient.Chunk;
import io.ramzswap.nbd.TestClient;
import java.io.IOException;
import java.util.List;

/** Rules of structured replies, metadata contexts and extended headers. */
final class ChunkRows {
    private static final int READ = 0;
    private static final int TRIM = 4;
    private static final int BLOCK_STATUS = 7;
    private static final int DF = 1 << 2;
    private static final int REQ_ONE = 1 << 3;
    private static final int EINVAL = 22;
    private static final int LONGEST_UNFRAGMENTED = 1 << 16;
    private static final String ALLOCATION = "base:allocation";

    static final List<Row> ALL = List.of(
            new Row("a READ tells each byte once, in chunks", structured(client -> {
                assertThat(errors(client.write(0, 8192, new byte[] {1, 2, 3, 4})))
                        .containsOnly(0);
                final byte[] data = ChunkClient.assemble(client.exchange(0, READ, 8190, 8), 8190, 8);
                assertThat(data).containsExactly(0, 0, 1, 2, 3, 4, 0, 0);
            })),
            new Row("a READ with DF of 64 KiB comes in one chunk", structured(client -> {
                assertThat(errors(client.write(0, 4096, new byte[4096]))).containsOnly(0);
                final List<Chunk> chunks = client.exchange(DF, READ, 0, LONGEST_UNFRAGMENTED);
                assertThat(chunks.stream().filter(chunk -> chunk.type() != 0)).hasSize(1);
                assertThat(ChunkClient.assemble(chunks, 0, LONGEST_UNFRAGMENTED))
                        .containsOnly(0);
            })),
            new Row("an error of a READ comes in a chunk, too", structured(client -> {
                for (List<Chunk> chunks :
                        List.of(client.exchange(0, READ, Peer.SIZE, 512), client.exchange(1 << 12, READ, 0, 512))) {
                    assertThat(errors(chunks)).contains(EINVAL);
                    assertThat(chunks)
                            .allSatisfy(chunk -> assertThat(chunk.type()).isNotEqualTo(ChunkClient.SIMPLE));
                }
                assertThat(errors(client.exchange(0, READ, 0, 512))).containsOnly(0);
            })),
            new Row("BLOCK_STATUS tells extents that begin at its offset", structured(client -> {
                final List<Chunk> chunks = client.exchange(0, BLOCK_STATUS, 4096, Peer.SIZE - 4096);
                assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.type()).isEqualTo(5));
                assertThat(chunks.get(0).payload().length % 8).isEqualTo(4);
                assertThat(chunks.get(0).buffer().getInt(4)).isNotZero();
            })),
            new Row("BLOCK_STATUS with REQ_ONE tells one extent within its range", structured(client -> {
                final List<Chunk> chunks = client.exchange(REQ_ONE, BLOCK_STATUS, 0, 8192);
                assertThat(chunks).hasSize(1);
                assertThat(chunks.get(0).payload()).hasSize(12);
                assertThat(Integer.toUnsignedLong(chunks.get(0).buffer().getInt(4)))
                        .isBetween(1L, 8192L);
            })),
            new Row("BLOCK_STATUS past the end is EINVAL", structured(client -> {
                for (long offset : new long[] {Peer.SIZE, -512, Long.MAX_VALUE - 511}) {
                    assertThat(errors(client.exchange(0, BLOCK_STATUS, offset, 1024)))
                            .contains(EINVAL);
                }
            })),
            new Row("BLOCK_STATUS without a context is EINVAL", server -> {
                try (ChunkClient client = new ChunkClient(server.connect(), false)) {
                    assertThat(errors(client.exchange(0, BLOCK_STATUS, 0, 4096)))
                            .contains(EINVAL);
                }
            }),
            new Row("SET_META_CONTEXT replaces what was set, even when it fails", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    assertThat(HandshakeRows.answer(client, 8, new byte[0])).isEqualTo(1);
                    assertThat(HandshakeRows.answer(client, 10, TestClient.contextQuery("", ALLOCATION)))
                            .isEqualTo(1);
                    assertThat(HandshakeRows.answer(client, 10, new byte[3])).isNegative();
                    assertThat(HandshakeRows.answer(client, 7, TestClient.query("")))
                            .isEqualTo(1);
                    client.send(TestClient.request(0, BLOCK_STATUS, 1, 0, 4096));
                    assertThat(client.in.readInt()).isEqualTo(0x668e33ef);
                    assertThat(client.in.readUnsignedShort()).isEqualTo(1);
                    assertThat(client.in.readUnsignedShort())
                            .as("an error chunk")
                            .isGreaterThanOrEqualTo(1 << 15);
                }
            }),
            new Row("extended headers: a length of 64 bits is refused without harm", extended(client -> {
                for (long length : new long[] {1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
                    assertThat(errors(client.exchange(0, TRIM, 512, length))).doesNotContain(0);
                }
                assertThat(errors(client.exchange(0, READ, 0, 512))).containsOnly(0);
            })),
            new Row("extended headers: what was written is read", extended(client -> {
                assertThat(errors(client.write(0, 100, new byte[] {5, 6}))).containsOnly(0);
                assertThat(ChunkClient.assemble(client.exchange(0, READ, 99, 4), 99, 4))
                        .containsExactly(0, 5, 6, 0);
            })));

    /** What is done with a client. */
    private interface ClientCheck {
        void with(ChunkClient client) throws IOException;
    }

    private ChunkRows() {}

    private static Row.Check structured(ClientCheck check) {
        return server -> {
            try (ChunkClient client = new ChunkClient(server.connect(), false, ALLOCATION)) {
                check.with(client);
            }
        };
    }

    /** They are an extension: a server that does not know them keeps to the rules. */
    private static Row.Check extended(ClientCheck check) {
        return server -> {
            try (TestClient probe = server.connect().greet(3)) {
                assumeTrue(HandshakeRows.answer(probe, 11, new byte[0]) == 1, "has no extended headers");
            }
            try (ChunkClient client = new ChunkClient(server.connect(), true, ALLOCATION)) {
                check.with(client);
            }
        };
    }

    private static List<Integer> errors(List<Chunk> chunks) {
        return chunks.stream().map(Chunk::error).toList();
    }
}
