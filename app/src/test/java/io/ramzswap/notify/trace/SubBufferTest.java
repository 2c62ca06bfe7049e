package io.ramzswap.notify.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubBufferTest {
    private static final long START = 1L << 40;

    private final SubBuffer decoder = new SubBuffer(TestSubBuffer.LAYOUT);
    private final List<String> seen = new ArrayList<>();

    private long decode(ByteBuffer bytes) {
        return decoder.decode(
                bytes,
                (record, position, length, time) ->
                        seen.add(record.getInt(position) + " of " + length + " at " + (time - START)));
    }

    private static byte[] record(int first, int length) {
        byte[] record = new byte[length];
        record[0] = (byte) first;
        return record;
    }

    @Test
    void shouldGiveEventsWithTheirTimes() {
        TestSubBuffer buffer =
                new TestSubBuffer(START).event(START, record(1, 40)).event(START + 7, record(2, 4));

        assertThat(decode(buffer.bytes())).isZero();
        assertThat(seen).containsExactly("1 of 40 at 0", "2 of 4 at 7");
    }

    @Test
    void shouldFollowLongPausesAndAbsoluteTimes() {
        TestSubBuffer buffer = new TestSubBuffer(START)
                .event(START + (1L << 35), record(1, 8))
                .absolute(START + (1L << 36))
                .event(START + (1L << 36) + 1, record(2, 8));

        assertThat(decode(buffer.bytes())).isZero();
        assertThat(seen).containsExactly("1 of 8 at " + (1L << 35), "2 of 8 at " + ((1L << 36) + 1));
    }

    @Test
    void shouldTakeLengthsFromALengthWord() {
        assertThat(decode(new TestSubBuffer(START)
                        .longEvent(START + 1, record(1, 120))
                        .longEvent(START + 2, record(2, 5))
                        .bytes()))
                .isZero();
        assertThat(seen).containsExactly("1 of 120 at 1", "2 of 8 at 2");
    }

    @Test
    void shouldPassOverDiscardedEvents() {
        assertThat(decode(new TestSubBuffer(START)
                        .padding(12, 5)
                        .event(START + 1, record(1, 4))
                        .bytes()))
                .isZero();
        assertThat(seen).containsExactly("1 of 4 at 1");
    }

    @Test
    void shouldEndAtPaddingWithoutDelta() {
        assertThat(decode(new TestSubBuffer(START)
                        .event(START, record(1, 4))
                        .word(29)
                        .event(START, record(2, 4))
                        .bytes()))
                .isZero();
        assertThat(seen).containsExactly("1 of 4 at 0");
    }

    @Test
    void shouldTellHowManyWereMissed() {
        TestSubBuffer buffer = new TestSubBuffer(START).event(START, record(1, 4));

        assertThat(decode(buffer.bytesAfterMissing(17))).isEqualTo(17);
        assertThat(decode(buffer.bytesAfterMissing(-1))).isEqualTo(SubBuffer.MISSED_UNKNOWN);
        assertThat(seen).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 29 | 1 << 5, 28, 30, 31})
    void shouldLeaveOffWhereALengthCannotBe(int header) {
        TestSubBuffer buffer =
                new TestSubBuffer(START).event(START, record(1, 4)).word(header);

        assertThat(decode(buffer.bytes())).isEqualTo(SubBuffer.MISSED_UNKNOWN);
        assertThat(seen).containsExactly("1 of 4 at 0");
    }

    @Test
    void shouldRefuseMoreEventsThanThereIsRoomFor() {
        ByteBuffer bytes = new TestSubBuffer(START).event(START, record(1, 4)).bytes();
        bytes.putLong(TestSubBuffer.LAYOUT.commitOffset(), 4081);

        assertThat(decode(bytes)).isEqualTo(SubBuffer.MISSED_UNKNOWN);
        assertThat(seen).isEmpty();
    }

    /** Whatever is in it: no exception, no record outside of it. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void shouldStayInsideWhateverItIsGiven(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            ByteBuffer bytes = new TestSubBuffer(START).bytes();
            for (int at = 0; at < bytes.capacity(); at += 4) {
                bytes.putInt(at, random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(64));
            }
            bytes.putLong(TestSubBuffer.LAYOUT.commitOffset(), random.nextInt(5000));
            decoder.decode(
                    bytes,
                    (record, position, length, time) -> assertThat(length >= 0 && position + length <= 4096)
                            .as("seed %d: %d bytes at %d", seed, length, position)
                            .isTrue());
        }
    }
}
