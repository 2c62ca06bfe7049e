package io.ramzswap.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.device.DeviceSettings;
import io.ramzswap.device.SizeRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdviceTest {
    private static final long GIB = 1L << 30;

    @Test
    void shouldBeWhatAQuarterOfMemoryHoldsLessAFifth() {
        assertThat(Advice.of(0.5, 16 * GIB, true)).isEqualTo(new Advice(4 * GIB, 6553L << 20, Advice.Why.MEASURED));
    }

    /** Doctor warns of what breaks the rule, whatever made it look right. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.16, 0.25, 0.39, 0.4, 0.41, 0.8, 1, 1.05})
    void shouldKeepToTheRuleThatDoctorWarnsBy(double share) {
        for (long ram : new long[] {64L << 20, 476L << 20, GIB, 24 * GIB, 512 * GIB, (64L << 10) * GIB}) {
            Advice advice = Advice.of(share, ram, true);

            assertThat(SizeRule.isKeptBy(advice.diskSizeBytes(), advice.memLimitBytes()))
                    .as("%s of %d", advice, ram)
                    .isTrue();
        }
        assertThat(Advice.of(0.16, 16 * GIB, true)).isEqualTo(new Advice(4 * GIB, 8 * GIB, Advice.Why.RULE));
    }

    @Test
    void shouldTrustNoSampleThatSaysTooLittle() {
        assertThat(Advice.of(0.1, 16 * GIB, false)).isEqualTo(new Advice(4 * GIB, 4 * GIB, Advice.Why.UNCERTAIN));
    }

    /** Of hosts that have more memory than a device has pages for. */
    @ParameterizedTest(name = "{0} GiB of memory")
    @ValueSource(longs = {512, 1000, 1 << 10, 2 << 10, 6 << 10, 64 << 10})
    void shouldBeSomethingThatADeviceCanHave(long gibibytes) {
        Advice advice = Advice.of(0.25, gibibytes * GIB, true);

        assertThat(new DeviceSettings(advice.diskSizeBytes(), advice.memLimitBytes(), true))
                .isNotNull();
    }
}
