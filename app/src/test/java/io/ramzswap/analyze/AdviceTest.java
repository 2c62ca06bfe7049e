package io.ramzswap.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.device.DeviceSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdviceTest {
    private static final long GIB = 1L << 30;

    @Test
    void shouldBeWhatAQuarterOfMemoryHoldsLessAFifth() {
        assertThat(Advice.of(0.5, 16 * GIB)).isEqualTo(new Advice(4 * GIB, 6553L << 20));
    }

    /** Of hosts that have more memory than a device has pages for. */
    @ParameterizedTest(name = "{0} GiB of memory")
    @ValueSource(longs = {512, 1000, 1 << 10, 2 << 10, 6 << 10, 64 << 10})
    void shouldBeSomethingThatADeviceCanHave(long gibibytes) {
        Advice advice = Advice.of(0.25, gibibytes * GIB);

        assertThat(new DeviceSettings(advice.diskSizeBytes(), advice.memLimitBytes(), true))
                .isNotNull();
    }
}
