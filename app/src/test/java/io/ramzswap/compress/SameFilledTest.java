package io.ramzswap.compress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SameFilledTest {
    private static final int PAGE = 4096;
    /** As in a receive buffer, where a payload follows a header of 28 bytes. */
    private static final int POSITION = 28;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(POSITION + PAGE + 64);

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 0x1234_5678_9abc_def0L})
    void shouldFindWhatItFilled(long word) {
        SameFilled.fill(buffer, POSITION, PAGE, word);

        assertThat(SameFilled.isSameFilled(buffer, POSITION, PAGE)).isTrue();
        assertThat(SameFilled.word(buffer, POSITION)).isEqualTo(word);
    }

    @Test
    void shouldMeanTheSameBytesInEveryByteOrder() {
        SameFilled.fill(buffer.order(ByteOrder.BIG_ENDIAN), POSITION, PAGE, 0x0102_0304_0506_0708L);
        byte[] big = bytes();
        SameFilled.fill(buffer.order(ByteOrder.LITTLE_ENDIAN), POSITION, PAGE, 0x0102_0304_0506_0708L);

        assertThat(bytes()).isEqualTo(big);
    }

    @Test
    void shouldNoticeASingleBitAnywhere() {
        Random random = new Random(3);
        SameFilled.fill(buffer, POSITION, PAGE, 77);
        for (int i = 0; i < PAGE; i++) {
            int at = POSITION + i;
            byte was = buffer.get(at);
            buffer.put(at, (byte) (was ^ 1 << random.nextInt(8)));

            assertThat(SameFilled.isSameFilled(buffer, POSITION, PAGE))
                    .as("byte %d differs", i)
                    .isFalse();

            buffer.put(at, was);
        }
    }

    @Test
    void shouldTouchNothingOutsideThePage() {
        SameFilled.fill(buffer, POSITION, PAGE, -1);

        for (int at = 0; at < buffer.capacity(); at++) {
            boolean inside = at >= POSITION && at < POSITION + PAGE;
            assertThat(buffer.get(at)).as("byte %d", at).isEqualTo((byte) (inside ? -1 : 0));
        }
    }

    private byte[] bytes() {
        byte[] bytes = new byte[PAGE];
        buffer.get(POSITION, bytes);
        return bytes;
    }
}
