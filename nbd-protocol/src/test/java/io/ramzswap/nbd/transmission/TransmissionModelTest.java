package io.ramzswap.nbd.transmission;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.TestClient;
import io.ramzswap.nbd.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random requests, pipelined and cut up at random on the wire, against a plain byte array. */
@Timeout(120)
class TransmissionModelTest {
    private static final int SIZE = 1 << 20;
    private static final int ROUNDS = 150;

    @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
    private record Expected(long cookie, int error, byte[] data) {}

    @ParameterizedTest(name = "seed {0}, minimum block {1}")
    @CsvSource({"1, 1", "2, 512", "3, 4096", "4, 65536", "5, 1"})
    void shouldBehaveLikeAByteArray(long seed, int minimumBlock) throws IOException {
        final Random random = new Random(seed);
        final MemoryExport export = new MemoryExport(SIZE, minimumBlock);
        final byte[] model = new byte[SIZE];
        try (TestServer server = TestServer.of(export);
                TestClient client = server.connect().go()) {
            for (int round = 0; round < ROUNDS; round++) {
                final Queue<Expected> expected = new ArrayDeque<>();
                final byte[] wire = randomRequests(random, model, minimumBlock, expected);
                final Thread sender = sendInPieces(client, wire, random.nextLong());
                for (Expected reply : expected) {
                    assertThat(client.readReply()).isEqualTo(new TestClient.Reply(reply.error, reply.cookie));
                    assertThat(Arrays.equals(client.in.readNBytes(reply.data.length), reply.data))
                            .as("data of READ in round %d", round)
                            .isTrue();
                }
                join(sender);
                assertThat(Arrays.equals(export.bytes, model))
                        .as("content after round %d", round)
                        .isTrue();
            }
        }
    }

    private static byte[] randomRequests(Random random, byte[] model, int block, Queue<Expected> expected)
            throws IOException {
        final ByteArrayOutputStream wire = new ByteArrayOutputStream();
        final int count = 1 + random.nextInt(20);
        for (int i = 0; i < count; i++) {
            final int type = new int[] {0, 1, 4, 6}[random.nextInt(4)];
            int offset = random.nextInt(SIZE / block + 1) * block;
            int length = random.nextInt(1 + ((SIZE / block) >> random.nextInt(8))) * block;
            if (random.nextInt(10) == 0) {
                offset += random.nextInt(SIZE);
                length += random.nextInt(block);
            }
            request(random, model, block, expected, wire, type, offset, length);
        }
        return wire.toByteArray();
    }

    private static void request(
            Random random,
            byte[] model,
            int block,
            Queue<Expected> expected,
            ByteArrayOutputStream wire,
            int type,
            int offset,
            int length)
            throws IOException {
        final long cookie = random.nextLong();
        final int error = error(block, type, offset, length);
        wire.write(TestClient.request(0, type, cookie, offset, length));
        byte[] data = new byte[0];
        if (type == 1) {
            final byte[] payload = new byte[length];
            random.nextBytes(payload);
            wire.write(payload);
            if (error == 0) {
                System.arraycopy(payload, 0, model, offset, length);
            }
        } else if (error == 0 && type == 0) {
            data = Arrays.copyOfRange(model, offset, offset + length);
        } else if (error == 0) {
            Arrays.fill(model, offset, offset + length, (byte) 0);
        }
        expected.add(new Expected(cookie, error, data));
    }

    private static int error(int block, int type, int offset, int length) {
        if (offset + length > SIZE) {
            return type == 1 || type == 6 ? 28 : 22;
        }
        return offset % block == 0 && length % block == 0 ? 0 : 22;
    }

    private static Thread sendInPieces(TestClient client, byte[] wire, long seed) {
        final Thread sender = new Thread(() -> {
            final Random random = new Random(seed);
            int sent = 0;
            try {
                while (sent < wire.length) {
                    final int piece = Math.min(wire.length - sent, 1 + random.nextInt(1 << random.nextInt(18)));
                    client.send(Arrays.copyOfRange(wire, sent, sent + piece));
                    sent += piece;
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        sender.start();
        return sender;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
