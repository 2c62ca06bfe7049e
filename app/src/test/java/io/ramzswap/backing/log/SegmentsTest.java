package io.ramzswap.backing.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.allocator.arena.SharedMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bits flip in what is known of a segment. */
class SegmentsTest {
    private static final int SEGMENTS = 3;

    private final Segments segments = new Segments(SEGMENTS);

    @AfterEach
    void close() {
        segments.close();
    }

    @Test
    void shouldKnowTheGenerationOfASegmentWhateverBitFlips() {
        int segment = sealed(900);
        long generation = segments.generation(segment);
        for (int bit = 0; bit < Segments.RECORD_BYTES * Byte.SIZE; bit++) {
            flip(segment, bit);
            assertThat(segments.generation(segment)).as("bit %d", bit).isEqualTo(generation);
            assertThat(segments.state(segment)).as("bit %d", bit).isEqualTo(Segments.SEALED);
            flip(segment, bit);
        }
    }

    @Test
    void shouldNotUseASegmentAgainThatHoldsPagesWhateverBitFlips() {
        int segment = sealed(900);
        for (int bit = 0; bit < Segments.RECORD_BYTES * Byte.SIZE; bit++) {
            flip(segment, bit);
            assertThat(segments.isFree(segment)).as("bit %d", bit).isFalse();
            assertThat(segments.live(segment)).isGreaterThanOrEqualTo(900);
            assertThat(segments.liveBytes()).isIn(0L, 900L);
            flip(segment, bit);
        }
    }

    @Test
    void shouldNotUseASegmentAgainInWhichAThreadReadsWhateverBitFlips() {
        int segment = sealed(0);
        segments.pin(segment);
        for (int bit = 0; bit < Segments.RECORD_BYTES * Byte.SIZE; bit++) {
            flip(segment, bit);
            assertThat(segments.isFree(segment)).as("bit %d", bit).isFalse();
            flip(segment, bit);
        }
        segments.unpin(segment);
        assertThat(segments.isFree(segment)).isTrue();
    }

    @Test
    void shouldGoOnWithTheOtherSegments() {
        for (int bit = 0; bit < Segments.RECORD_BYTES * Byte.SIZE; bit++) {
            flip(1, bit);
            assertThat(segments.free()).isBetween(SEGMENTS - 1, SEGMENTS);
            int opened = segments.open();
            assertThat(opened).isNotEqualTo(Segments.NONE);
            segments.setState(opened, Segments.SEALED);
            flip(1, bit);
        }
    }

    private int sealed(int liveBytes) {
        int segment = segments.open();
        segments.addLive(segment, liveBytes);
        segments.setState(segment, Segments.SEALED);
        return segment;
    }

    private void flip(int segment, int bit) {
        SharedMemory memory = segments.memory();
        long offset = (long) segment * Segments.RECORD_BYTES + bit / Long.SIZE * (long) Long.BYTES;
        long mask = 1L << bit;
        if ((memory.setBits(offset, mask) & mask) != 0) {
            memory.clearBits(offset, mask);
        }
    }
}
