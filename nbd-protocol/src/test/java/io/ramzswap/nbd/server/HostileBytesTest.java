package io.ramzswap.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.TestClient;
import io.ramzswap.nbd.transport.Transport;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole conversations, cut off at every byte and changed at random, against a server in the same thread: whatever comes,
 * it ends without an exception, gives its session back and leaves alone what nobody asked it to change.
 */
class HostileBytesTest {
    private static final int SIZE = 1 << 16;
    /** How often each seed changes a conversation; more with -Dramzswap.fuzz.rounds. */
    private static final int ROUNDS = Integer.getInteger("ramzswap.fuzz.rounds", 3000);

    private static final byte[][] CONVERSATIONS = {conversation(0), conversation(8), conversation(11)};

    private final MemoryExport export = new MemoryExport(SIZE, 512);
    private final NbdServer server = new NbdServer(ExportCatalog.of(export), ServerOptions.DEFAULT, Thread::new);

    @Test
    void shouldSurviveADisconnectAtEachByte() {
        for (byte[] conversation : CONVERSATIONS) {
            for (int length = 0; length <= conversation.length; length++) {
                serve(Arrays.copyOf(conversation, length), new Random(length));
            }
        }
        // The conversations write to the first half.
        assertThat(Arrays.copyOfRange(export.bytes, SIZE / 2, SIZE)).containsOnly(0);
    }

    @Test
    void shouldServeTheConversationsThatTheOthersAreMadeOf() {
        for (byte[] conversation : CONVERSATIONS) {
            final Wire wire = new Wire(conversation, new Random(1));
            server.serve(wire);
            assertThat(wire.sent).isGreaterThan(1000);
            assertThat(export.writes.getAndSet(0)).isPositive();
            assertThat(export.trims.getAndSet(0)).isEqualTo(1);
            assertThat(export.flushes.getAndSet(0)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldSurviveRandomChanges(long seed) {
        final Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            final long roundSeed = random.nextLong();
            try {
                final Random changes = new Random(roundSeed);
                serve(changed(CONVERSATIONS[changes.nextInt(CONVERSATIONS.length)], changes), changes);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("round " + round + ", seed " + roundSeed, e);
            }
        }
    }

    private void serve(byte[] bytes, Random random) {
        final Wire wire = new Wire(bytes, random);
        server.serve(wire);
        assertThat(wire.closed).isTrue();
        assertThat(export.openSessions).hasValue(0);
        assertThat(server.connections()).isZero();
    }

    private static byte[] changed(byte[] original, Random random) {
        byte[] bytes = original.clone();
        final int changes = 1 + random.nextInt(6);
        for (int i = 0; i < changes; i++) {
            final int at = random.nextInt(bytes.length - 8);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> ByteBuffer.wrap(bytes).putInt(at, interesting(random).intValue());
                case 3 -> ByteBuffer.wrap(bytes).putLong(at, interesting(random));
                case 4 -> bytes = spliced(bytes, at, random.nextInt(40), random);
                default -> bytes = without(bytes, at, random.nextInt(8));
            }
        }
        return bytes;
    }

    private static Long interesting(Random random) {
        final List<Long> values = List.of(
                0L, 1L, 7L, 511L, 512L, 4096L, (long) SIZE, 1L << 31, (1L << 32) - 1, 1L << 62, 1L << 63, -1L, -512L);
        return values.get(random.nextInt(values.size()));
    }

    private static byte[] spliced(byte[] bytes, int at, int count, Random random) {
        final byte[] longer = new byte[bytes.length + count];
        random.nextBytes(longer);
        System.arraycopy(bytes, 0, longer, 0, at);
        System.arraycopy(bytes, at, longer, at + count, bytes.length - at);
        return longer;
    }

    private static byte[] without(byte[] bytes, int at, int count) {
        final byte[] shorter = Arrays.copyOf(bytes, bytes.length - count);
        System.arraycopy(bytes, at + count, shorter, at, shorter.length - at);
        return shorter;
    }

    /** All options and all commands, the form of replies chosen by {@code formOption}, 0 for simple ones. */
    private static byte[] conversation(int formOption) {
        final boolean extended = formOption == 11;
        return TestClient.bytes(out -> {
            out.writeInt(3);
            option(out, 99, new byte[33]);
            option(out, 3, new byte[0]);
            option(out, 5, new byte[0]);
            if (formOption != 0) {
                option(out, formOption, new byte[0]);
            }
            option(out, 9, TestClient.contextQuery("test"));
            option(out, 10, TestClient.contextQuery("test", "base:allocation", "x-test:state"));
            option(out, 6, TestClient.query("test", 0, 1, 2, 3));
            option(out, 7, TestClient.query("test", 3));
            request(out, extended, 0, 0, 0, 4096);
            request(out, extended, extended ? 32 : 0, 1, 512, 5120);
            out.write(new byte[5119]);
            out.write(1);
            request(out, extended, 0, 3, 0, 0);
            request(out, extended, 1, 6, 8192, 4096);
            request(out, extended, 0, 4, 0, 1024);
            request(out, extended, 8, 7, 0, SIZE);
            request(out, extended, 0, 7, 0, SIZE);
            request(out, extended, 0, 5, 0, 512);
            request(out, extended, 0, 0, 4096, 16384);
            request(out, extended, 0, 2, 0, 0);
        });
    }

    private static void option(DataOutputStream out, int option, byte[] data) throws IOException {
        out.writeLong(0x49484156454F5054L);
        out.writeInt(option);
        out.writeInt(data.length);
        out.write(data);
    }

    private static void request(DataOutputStream out, boolean extended, int flags, int type, long offset, long length)
            throws IOException {
        out.writeInt(extended ? 0x21e41c71 : 0x25609513);
        out.writeShort(flags);
        out.writeShort(type);
        out.writeLong(type);
        out.writeLong(offset);
        if (extended) {
            out.writeLong(length);
        } else {
            out.writeInt((int) length);
        }
    }

    /** Bytes that come in pieces of random length; counts what goes the other way. */
    private static final class Wire implements Transport {
        private final byte[] bytes;
        private final Random random;
        private int at;
        private long sent;
        private boolean closed;

        Wire(byte[] bytes, Random random) {
            this.bytes = bytes;
            this.random = random;
        }

        @Override
        public int read(ByteBuffer buffer, int position, int length) {
            if (at == bytes.length) {
                return ENDED;
            }
            final int most = Math.min(length, bytes.length - at);
            final int count = random.nextBoolean() ? most : 1 + random.nextInt(most);
            buffer.put(position, bytes, at, count);
            at += count;
            return count;
        }

        @Override
        public boolean write(ByteBuffer buffer, int position, int length) {
            sent += length;
            return true;
        }

        @Override
        public void deadlineAfter(long millis) {
            // Nobody waits here.
        }

        @Override
        public void shutdown() {
            at = bytes.length;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
