package io.ramzswap.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeTest {
    private static final long RAM_BYTES = 1000;

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4096, 4096",
        "1K, 1024",
        "1k, 1024",
        "256M, 268435456",
        "3m, 3145728",
        "1.5G, 1610612736",
        "2T, 2199023255552",
        "0.5K, 512",
        "1.9, 1",
        "50%, 500",
        "0.1%, 1",
        "12.5%, 125",
        "150%, 1500",
        "9223372036854775807, 9223372036854775807",
        "9999999999999999999, 9223372036854775807",
        "8388608T, 9223372036854775807"
    })
    void shouldTakeEveryWayToWriteASize(String text, long bytes) {
        assertThat(Size.parse(text).bytes(RAM_BYTES)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "M", "%", "-1", "+1", "1 M", "1MB", "1KiB", "0x10", "1e3", ".5G", "5.", "abc", "1P", "١"
            })
    void shouldRefuseWhatIsNoSize(String text) {
        assertThatThrownBy(() -> Size.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is no size: write it as 4096, 512K, 256M, 1.5G, 2T or 50%");
    }
}
