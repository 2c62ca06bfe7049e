package io.ramzswap.nbd.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SpinTest {
    private static final int MOST = 3;

    private final Spin.Spinners spinners = new Spin.Spinners(MOST, new AtomicInteger());

    /** Waits as a connection does whose client never answers in time; tells how many of them spun. */
    private static int spinInVain(Spin spin, int waits) {
        int spun = 0;
        for (int i = 0; i < waits; i++) {
            if (spin.begin()) {
                spin.learn(false, spin.nanos());
                spin.end();
                spun++;
            }
        }
        return spun;
    }

    @Test
    void shouldSpinInNoMoreThreadsThanAllowed() {
        List<Spin> spinning = new ArrayList<>();
        Spin next = new Spin(spinners);
        while (next.begin()) {
            spinning.add(next);
            next = new Spin(spinners);
        }
        assertThat(spinning).hasSize(MOST);
        spinning.forEach(Spin::end);
    }

    @Test
    void shouldNotSpinWhereNobodyWantsThat() {
        assertThat(Spin.never().begin()).isFalse();
    }

    @Test
    void shouldSpinLessAndLessInVain() {
        Spin spin = new Spin(spinners);
        assertThat(spinInVain(spin, 10_000)).isLessThan(20);
        assertThat(spinInVain(spin, 10_000)).isLessThan(5);
        assertThat(spin.nanos()).isLessThan(Spin.LONGEST_NANOS);
    }

    @Test
    void shouldLeaveTheProcessorToOthersWhoTookIt() {
        Spin spin = new Spin(spinners);
        assertThat(spin.begin()).isTrue();
        spin.learn(true, 10 * Spin.LONGEST_NANOS);
        spin.end();
        for (int i = 0; i < Spin.SKIPPED_WHEN_DISTURBED; i++) {
            assertThat(spin.begin()).isFalse();
        }
        assertThat(spin.begin()).isTrue();
        spin.end();
    }

    @Test
    void shouldSpinAgainAsSoonAsThatPays() {
        Spin spin = new Spin(spinners);
        spinInVain(spin, 10_000);
        while (!spin.begin()) {
            // skipped
        }
        for (int i = 0; i < 5; i++) {
            spin.learn(true, 1000);
        }
        spin.end();
        assertThat(spin.nanos()).isEqualTo(Spin.LONGEST_NANOS);
        assertThat(spin.begin()).isTrue();
        spin.end();
    }
}
