package io.ramzswap.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.table.AccessAges;
import io.ramzswap.table.PageWord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColdnessTest {
    private static final long GOOD = PageWord.compressed(1, 2048, 400);
    private static final long POOR = PageWord.compressed(1, 2049, 400);

    @Test
    void shouldCountAPageThatCompressesBadlyAsFourTimesAsOld() {
        assertThat(Coldness.isPoor(GOOD)).isFalse();
        assertThat(Coldness.isPoor(POOR)).isTrue();
        assertThat(Coldness.isPoor(PageWord.raw(7))).isTrue();
        assertThat(Coldness.of(GOOD, 100)).isEqualTo(100);
        assertThat(Coldness.of(POOR, 99)).isEqualTo(400);
    }

    /** Of two pages that were used in the same tick, the one that compresses badly goes. */
    @Test
    void shouldPreferAPoorPageOfNoAge() {
        assertThat(Coldness.of(POOR, 0)).isGreaterThan(Coldness.of(GOOD, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 65, 71, 72, 127, 128, 1000, 4095, 4096, 1 << 20, AccessAges.OLDEST})
    void shouldSortAValueIntoABucketThatBeginsAtOrBelowIt(int value) {
        int bucket = Coldness.bucket(value);
        assertThat(bucket).isBetween(0, Coldness.BUCKETS - 1);
        assertThat(Coldness.least(bucket)).isLessThanOrEqualTo(value);
        assertThat(Coldness.least(bucket + 1)).isGreaterThan(value);
    }

    @Test
    void shouldHaveBucketsOfAnEighthAtMost() {
        int last = Coldness.bucket(Coldness.of(POOR, AccessAges.OLDEST));
        for (int bucket = 0; bucket < last; bucket++) {
            int least = Coldness.least(bucket);
            int next = Coldness.least(bucket + 1);
            assertThat(next).isGreaterThan(least);
            assertThat(next - least).isLessThanOrEqualTo(Math.max(1, least / 8));
            assertThat(Coldness.bucket(least)).isEqualTo(bucket);
            assertThat(Coldness.bucket(next - 1)).isEqualTo(bucket);
        }
    }
}
