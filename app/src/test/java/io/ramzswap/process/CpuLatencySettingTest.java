package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuLatencySettingTest {
    @Test
    void shouldTakeWordsAndMicroseconds() {
        assertThat(CpuLatencySetting.parse("auto")).isEqualTo(CpuLatencySetting.AUTO);
        assertThat(CpuLatencySetting.parse("off")).isEqualTo(CpuLatencySetting.OFF);
        assertThat(CpuLatencySetting.parse("0")).isEqualTo(new CpuLatencySetting(false, OptionalInt.of(0)));
        assertThat(CpuLatencySetting.parse("1000000"))
                .isEqualTo(new CpuLatencySetting(false, OptionalInt.of(1_000_000)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1000001", "5us", "Auto", "99999999999"})
    void shouldSayWhatItTakes(String word) {
        assertThatThrownBy(() -> CpuLatencySetting.parse(word))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("auto, off, or microseconds from 0 to 1000000, not '" + word + "'");
    }
}
