package io.ramzswap.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.backing.BackingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceFootprintTest {
    private static final long DISK = 64 << 20;

    @Test
    void shouldBeWhatADeviceTakes() throws DeviceException {
        DeviceSettings settings = new DeviceSettings(DISK, DISK, false);
        try (RamzswapDevice device = RamzswapDevice.create("rz0", settings, Thread::new)) {
            assertThat(DeviceFootprint.tablesBytes(DISK, Optional.empty()))
                    .isEqualTo(device.memory().tables().bytes());
        }
    }

    /** What documents say of it, the code knows. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "docs/tuning.md",
                "docs/troubleshooting.md",
                "docs/architecture.md",
                "app/src/main/man/ramzswap.conf.5"
            })
    void shouldBeTheShareThatDocumentsName(String document) throws IOException {
        String text = Files.readString(Path.of("..").resolve(document)).replaceAll("\\s+", " ");

        assertThat(text)
                .contains(DeviceFootprint.tablesShare(Optional.empty()).replace(" %", ""))
                .contains(DeviceFootprint.tablesShare(Optional.of(BackingOptions.DEFAULT)));
    }

    @Test
    void shouldBeUnderAThirdOfAPercentWithoutABackingSwap() {
        long bytes = DeviceFootprint.tablesBytes(1L << 40, Optional.empty());

        assertThat(bytes * 1000 / (1L << 40)).isEqualTo(2);
        assertThat(DeviceFootprint.tablesBytes(1L << 40, Optional.of(BackingOptions.DEFAULT)))
                .isGreaterThan(bytes + (1L << 28));
    }
}
