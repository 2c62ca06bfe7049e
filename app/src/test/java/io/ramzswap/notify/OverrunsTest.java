package io.ramzswap.notify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OverrunsTest {
    private final Overruns overruns = new Overruns();

    @Test
    void shouldRestAfterEventsWereLostAgainAndAgain() {
        for (int i = 0; i < 99; i++) {
            overruns.note(true);
            assertThat(overruns.takeRest()).isFalse();
        }
        overruns.note(false);
        for (int i = 0; i < 100; i++) {
            assertThat(overruns.takeRest()).isFalse();
            overruns.note(true);
        }
        assertThat(overruns.takeRest()).isTrue();
        assertThat(overruns.takeRest()).isFalse();
    }
}
