package io.ramzswap.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.config.DeviceConfig;
import io.ramzswap.config.TestDevices;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.setting.catalogue.Discard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwapTakedownTest {
    private static final String HEADER = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";

    private final FakeSwapAreas areas = new FakeSwapAreas();

    @TempDir
    private Path proc;

    @BeforeEach
    void swapOnBoth() throws OperationException {
        areas.on(device("/dev/nbd0"));
        areas.on(device("/dev/nbd1"));
    }

    @Test
    void shouldTakeDownTheDaemonsAreasAndNoOthers() throws Exception {
        swaps("/dev/nbd0  partition 131068 2048 100", "/dev/nbd1 partition 131068 4096 100", "/swapfile file 9 9 -2");
        available(1 << 20);

        assertThat(takedown().run("/dev/nbd1"::equals)).containsExactly("/dev/nbd1");

        assertThat(areas.on()).containsExactly("/dev/nbd0");
    }

    /** A file may have any name, and the kernel shows it as it is. */
    @Test
    void shouldTakeDownTheDaemonsAreasBesideOneWhoseNameIsNoText() throws Exception {
        String swaps = HEADER + "/Ausgelagert-f\u00fcr-alle file 9 9 -2\n/dev/nbd1 partition 131068 4096 100\n";
        Files.write(proc.resolve("swaps"), swaps.getBytes(StandardCharsets.ISO_8859_1));
        available(1 << 20);

        assertThat(takedown().run("/dev/nbd1"::equals)).containsExactly("/dev/nbd1");
    }

    @Test
    void shouldDoNothingWithoutSwap() throws Exception {
        swaps();
        available(0);

        assertThat(takedown().run(device -> true)).isEmpty();
        assertThat(areas.on()).hasSize(2);
    }

    @Test
    void shouldRefuseWhenMemoryDoesNotHoldAllOfIt() throws Exception {
        swaps("/dev/nbd0 partition 1048576 102400 100", "/dev/nbd1 partition 1048576 204800 100");
        available(307200);

        assertThatThrownBy(() -> takedown().run(device -> true))
                .isInstanceOf(OperationException.class)
                .hasMessage("not swapped off: 300 MiB are swapped out and only 300 MiB of memory are available;"
                        + " end something first. Nothing was changed, swap goes on");
        assertThat(areas.on()).containsExactly("/dev/nbd0", "/dev/nbd1");
    }

    @Test
    void shouldSayWhatSwapoffMetWith() throws Exception {
        swaps("/dev/nbd0 partition 1048576 4 100");
        available(1 << 20);
        areas.refusing("/dev/nbd0");

        assertThatThrownBy(() -> takedown().run(device -> true))
                .hasMessage("swapoff /dev/nbd0 failed: the test says so");
    }

    @Test
    void shouldTakeNothingForProgressButWhatLeavesItsOwnAreas() throws Exception {
        swaps("/dev/nbd0 partition 1048576 4096 100", "/swapfile file 1048576 4096 -2");
        SwapTakedown.Readback readback = new SwapTakedown.Readback(MemoryUse.in(proc), List.of("/dev/nbd0"));

        swaps("/dev/nbd0 partition 1048576 4096 100", "/swapfile file 1048576 8 -2");
        assertThat(readback.hasGoneOn()).isFalse();
        swaps("/dev/nbd0 partition 1048576 4092 100", "/swapfile file 1048576 9999 -2");
        assertThat(readback.hasGoneOn()).isTrue();
        assertThat(readback.hasGoneOn()).isFalse();
        swaps("/swapfile file 1048576 9999 -2");
        assertThat(readback.hasGoneOn()).isTrue();
    }

    private SwapTakedown takedown() {
        return new SwapTakedown(MemoryUse.in(proc), areas, () -> {});
    }

    private void swaps(String... lines) throws IOException {
        Files.writeString(proc.resolve("swaps"), HEADER + String.join("\n", lines) + (lines.length == 0 ? "" : "\n"));
    }

    private void available(long kibibytes) throws IOException {
        Files.writeString(
                proc.resolve("meminfo"), "MemTotal:  4194304 kB\nMemAvailable:   " + kibibytes + " kB\nCached: 1 kB\n");
    }

    private static DeviceConfig device(String name) {
        return TestDevices.device(
                "rz0",
                name,
                1 << 20,
                OptionalLong.empty(),
                AllocatorKind.DEFAULT,
                CompressorKind.DEFAULT,
                100,
                Discard.PAGES,
                OptionalInt.empty());
    }
}
