package io.ramzswap.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a clock of the test's own. */
class AccessAgesTest {
    private static final long SETTLE_NANOS = AccessAges.nanos(AccessAges.SETTLE_TICKS);

    private final AccessAges ages =
            new AccessAges(new ByteBuffer[] {ByteBuffer.allocateDirect(4 * AccessAges.AGE_BYTES)}, 2);

    @ParameterizedTest(name = "on a clock that begins at {0}")
    @ValueSource(longs = {0, 1L << 44, (1L << 61) + 12345, -(1L << 45)})
    void shouldKnowAgesFromSecondsToAMonth(long start) {
        long now = start;
        ages.advance(now);
        ages.touch(1);
        for (long age = 0; age < TimeUnit.DAYS.toSeconds(32); age += AccessAges.seconds(AccessAges.SETTLE_TICKS)) {
            long isAtMost = (age * 1_000_000_000L) >> 30;
            long isAtLeast = age < 7200 ? isAtMost : isAtMost - 4096;
            assertThat((long) ages.age(1)).as("after %d s", age).isBetween(isAtLeast - 1, isAtMost + 1);
            now += SETTLE_NANOS;
            ages.advance(now);
            ages.settle(1);
        }
    }

    @Test
    void shouldKeepWhatIsOldOldForYears() {
        long now = 0;
        ages.advance(now);
        ages.touch(1);
        for (long day = 0; day < 20 * 365; day++) {
            for (int i = 0; i < 10; i++) {
                now += SETTLE_NANOS;
                ages.advance(now);
                ages.settle(1);
            }
            if (day > 33) {
                assertThat(ages.age(1)).as("after %d days", day).isEqualTo(AccessAges.OLDEST);
            }
        }
    }

    @Test
    void shouldForgetTheAgeOfASlotThatIsUsed() {
        ages.advance(0);
        ages.touch(1);
        for (int i = 1; i <= 100; i++) {
            ages.advance(i * SETTLE_NANOS);
            ages.settle(1);
        }
        ages.touch(1);

        assertThat(ages.age(1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {2_592_000, 3_000_000, 1L << 40, Long.MAX_VALUE})
    void shouldTakeAnyTimeForATickAtMostTheOldest(long seconds) {
        assertThat(AccessAges.ticks(seconds)).isBetween(AccessAges.ticks(2_592_000), AccessAges.OLDEST);
    }
}
