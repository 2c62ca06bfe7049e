package io.ramzswap.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.allocator.Allocator;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageWordTest {
    private static final long LARGEST_FRAME = (1L << 39) - 1;
    private static final long LARGEST_LOCATION = (1L << Allocator.HANDLE_BITS) - 4;

    @Test
    void shouldKeepTheFieldsOfACompressedPageApart() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            int compressor = random.nextInt(PageWord.COMPRESSORS);
            int length = 1 + random.nextInt(4096);
            long handle = random.nextLong() & LARGEST_LOCATION;

            long word = PageWord.compressed(compressor, length, handle);

            assertThat(PageWord.state(word)).isEqualTo(PageWord.COMPRESSED);
            assertThat(PageWord.compressor(word)).isEqualTo(compressor);
            assertThat(PageWord.length(word)).isEqualTo(length);
            assertThat(PageWord.location(word)).isEqualTo(handle);
            assertThat(word).isPositive();

            assertThat(PageWord.isLeaving(word)).isFalse();
            long leaving = PageWord.leaving(word);
            assertThat(PageWord.isLeaving(leaving)).isTrue();
            assertThat(PageWord.isLeaving(PageWord.withLocation(leaving, 4))).isTrue();
            assertThat(PageWord.withLocation(leaving, handle)).isEqualTo(leaving);
            assertThat(PageWord.staying(leaving)).isEqualTo(word);
            assertThat(PageWord.compressor(leaving)).isEqualTo(compressor);
            assertThat(PageWord.location(leaving)).isEqualTo(handle);
        }
    }

    @Test
    void shouldKeepTheFieldsOfAPageInALogApart() {
        Random random = new Random(2);
        for (int i = 0; i < 100_000; i++) {
            int compressor = random.nextInt(PageWord.COMPRESSORS);
            int length = 1 + random.nextInt(4096);
            long offset = random.nextLong() & LARGEST_LOCATION;

            long word = PageWord.inLog(compressor, length, offset);

            assertThat(PageWord.state(word)).isEqualTo(PageWord.ON_DISK);
            assertThat(PageWord.compressor(word)).isEqualTo(compressor);
            assertThat(PageWord.length(word)).isEqualTo(length);
            assertThat(PageWord.location(word)).isEqualTo(offset);
            assertThat(PageWord.isLeaving(word)).isFalse();
        }
    }

    @Test
    void shouldGiveARawPageItsFullLength() {
        long word = PageWord.raw(LARGEST_FRAME);

        assertThat(PageWord.state(word)).isEqualTo(PageWord.RAW);
        assertThat(PageWord.length(word)).isEqualTo(4096);
        assertThat(PageWord.location(word)).isEqualTo(LARGEST_FRAME);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 0x3fff_ffff_ffffL, -(1L << 46), 0x0101_0101_0101L})
    void shouldHoldAFillValueOf47Bits(long value) {
        assertThat(PageWord.fitsInline(value)).isTrue();

        long word = PageWord.filled(value);

        assertThat(PageWord.state(word)).isEqualTo(PageWord.FILLED);
        assertThat(PageWord.isWide(word)).isFalse();
        assertThat(PageWord.fillValue(word)).isEqualTo(value);
        assertThat(PageWord.repeats(word, value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 46, -(1L << 46) - 1, Long.MAX_VALUE, Long.MIN_VALUE, 0x3ff0_0000_0000_0000L})
    void shouldSendAWiderFillValueToItsTable(long value) {
        assertThat(PageWord.fitsInline(value)).isFalse();

        long word = PageWord.filledWide(4095, value);

        assertThat(PageWord.state(word)).isEqualTo(PageWord.FILLED);
        assertThat(PageWord.isWide(word)).isTrue();
        assertThat(PageWord.fillIndex(word)).isEqualTo(4095);
        assertThat(PageWord.repeats(word, value)).isTrue();
        for (int bit = 0; bit < Long.SIZE; bit++) {
            assertThat(PageWord.repeats(word, value ^ 1L << bit)).isFalse();
        }
    }

    @Test
    void shouldReadZeroedMemoryAsEmptySlots() {
        assertThat(PageWord.state(0)).isEqualTo(PageWord.EMPTY);
        assertThat(PageWord.state(PageWord.LOST_WORD)).isEqualTo(PageWord.LOST);
    }

    @Test
    void shouldBelieveNoWordOfWhichABitWasFlipped() {
        long[] words = {
            PageWord.EMPTY_WORD,
            PageWord.LOST_WORD,
            PageWord.IN_FLIGHT_WORD,
            PageWord.filled(0),
            PageWord.filled(-7),
            PageWord.filledWide(12, Long.MAX_VALUE),
            PageWord.compressed(1, 1000, 12345 * 4),
            PageWord.leaving(PageWord.compressed(2, 3072, LARGEST_LOCATION)),
            PageWord.raw(LARGEST_FRAME),
            PageWord.leaving(PageWord.raw(78)),
            PageWord.onDisk(1, 0xdead_beef),
            PageWord.encrypted(99),
            PageWord.inLog(1, 17, 4096)
        };
        for (long word : words) {
            for (long found : new long[] {word, word ^ PageWord.LOCK_BITS}) {
                assertThat(PageWord.believed(found)).isEqualTo(word);
                for (int bit = 0; bit < Long.SIZE; bit++) {
                    assertThat(PageWord.believed(found ^ 1L << bit))
                            .as("%x without bit %d", found, bit)
                            .isEqualTo(PageWord.DAMAGED_WORD);
                }
            }
        }
    }
}
