package io.ramzswap.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.Conversations;
import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.ScriptedClient;
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

    private static final byte[][] CONVERSATIONS = {
        Conversations.simple(), Conversations.structured(), Conversations.extended()
    };

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
            final ScriptedClient wire = new ScriptedClient(conversation, new Random(1));
            server.serve(wire);
            assertThat(wire.sentToIt()).isGreaterThan(1000);
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
        final ScriptedClient wire = new ScriptedClient(bytes, random);
        server.serve(wire);
        assertThat(wire.isClosed()).isTrue();
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
}
