package io.ramzswap.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final int CAPACITY = 64;

    private final Pace pace = new Pace();

    @Test
    void shouldLookTenTimesASecondWhenLittleHappens() {
        pace.note(1, CAPACITY, false);

        assertThat(pace.pauseNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
    }

    @Test
    void shouldLookSoonerTheFullerTheBuffers() {
        for (int i = 0; i < 10; i++) {
            pace.note(CAPACITY / 2, CAPACITY, false);
        }
        assertThat(pace.pauseNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(3));

        for (int i = 0; i < 10; i++) {
            pace.note(0, CAPACITY, false);
        }
        assertThat(pace.pauseNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
    }

    @Test
    void shouldRestAfterEventsWereLostAgainAndAgain() {
        for (int i = 0; i < 99; i++) {
            pace.note(CAPACITY, CAPACITY, true);
            assertThat(pace.takeRest()).isFalse();
        }
        pace.note(CAPACITY, CAPACITY, false);
        for (int i = 0; i < 100; i++) {
            assertThat(pace.takeRest()).isFalse();
            pace.note(CAPACITY, CAPACITY, true);
        }
        assertThat(pace.takeRest()).isTrue();
        assertThat(pace.takeRest()).isFalse();
    }
}
