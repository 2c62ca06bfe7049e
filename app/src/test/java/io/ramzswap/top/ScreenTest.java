package io.ramzswap.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.backing.BackingStatistics;
import io.ramzswap.backing.TierStatistics;
import io.ramzswap.device.DeviceReport;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.device.Figures;
import io.ramzswap.host.Host;
import io.ramzswap.process.CpuLatencyStatistics;
import io.ramzswap.process.MemoryCgroup;
import io.ramzswap.process.ProcessStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScreenTest {
    private static final long MIB = 1 << 20;
    private static final ProcessStatistics DAEMON = new ProcessStatistics(
            64 * MIB, 0, 0, 0, 1, 1, 1, -1000, new MemoryCgroup(0, 0, 0), CpuLatencyStatistics.NONE, "/");

    @TempDir
    private Path root;

    @ParameterizedTest
    @CsvSource({"1, 24, 7", "7, 24, 20", "10, 24, 24", "11, 24, 15", "20, 24, 24", "40, 24, 24", "3, 5, 5"})
    void shouldFitTheTerminal(int devices, int height, int atMost) {
        List<String> lines = text(new Screen(80, height).lines(Optional.empty(), now(devices, 0)));

        assertThat(lines).hasSizeLessThanOrEqualTo(atMost);
        assertThat(lines).allMatch(line -> line.length() <= 80);
    }

    @Test
    void shouldSayHowManyDevicesThereAreThatDoNotFit() {
        List<String> lines = text(new Screen(80, 24).lines(Optional.empty(), now(40, 0)));

        assertThat(lines).hasSize(24);
        assertThat(lines.get(23)).isEqualTo("and 21 more");
    }

    @ParameterizedTest
    @CsvSource({"1", "20", "41", "60", "79", "200"})
    void shouldCutLinesAndNeverAnEmphasis(int width) {
        List<AttributedString> whole = new Screen(Integer.MAX_VALUE, 24).lines(Optional.empty(), now(2, 0));
        List<AttributedString> lines = new Screen(width, 24).lines(Optional.empty(), now(2, 0));

        assertThat(text(lines))
                .isEqualTo(text(whole).stream()
                        .map(line -> line.substring(0, Math.min(line.length(), width)))
                        .toList());
        for (int i = 0; i < lines.size(); i++) {
            for (int at = 0; at < lines.get(i).length(); at++) {
                assertThat(lines.get(i).styleAt(at)).isEqualTo(whole.get(i).styleAt(at));
            }
        }
    }

    /** Source: ECMA-48, Select Graphic Rendition: 1 is bold, 32 is green. */
    @Test
    void shouldEmphasiseHeadingsAndHowFullADeviceIs() {
        List<AttributedString> lines = new Screen(80, 24).lines(Optional.empty(), now(1, 0));

        assertThat(lines.get(3).toAnsi()).startsWith("\u001b[1mDEVICE ");
        assertThat(lines.get(5).toAnsi()).startsWith("\u001b[32m[");
    }

    private static List<String> text(List<AttributedString> lines) {
        return lines.stream().map(AttributedString::toString).toList();
    }

    @Test
    void shouldTellWhatTheKernelMeasuredSinceTheLastLook() throws IOException {
        stat("100 0 0 1000 50 0 0 10");
        Moment before = now(1, 0);
        stat("104 0 0 1010 50 0 0 10");

        List<String> lines = text(new Screen(80, 24).lines(Optional.of(before), now(1, 0)));

        // Four reads in ten milliseconds; no write, so nothing to tell of one.
        assertThat(lines.get(4)).startsWith("/dev/nbd0 ").endsWith("    2.50        -");
    }

    @Test
    void shouldShowNoRateOfADeviceThatBeganAnew() {
        List<String> lines = text(new Screen(80, 24).lines(Optional.of(now(1, 500)), now(1, 3)));

        assertThat(lines.get(4)).containsPattern("256M +8K +4K +2.00 +- +- +- +-$");
    }

    /** A slot whose page is on the disk is as full as one whose page is in memory. */
    @Test
    void shouldCountPagesOnTheBackingSwapForHowFullADeviceIs() {
        BackingStatistics backing = new BackingStatistics(
                "/dev/sda2", "healthy", 0, 0, 0, 0, 0, 3 * 64 * MIB / 4096 - 2, TierStatistics.NONE);
        DeviceReport device = new DeviceReport("/dev/nbd0", "segment", "lz4", statistics(0, backing));

        List<String> lines =
                text(new Screen(80, 24).lines(Optional.empty(), Moment.now(new Host(root), List.of(device), DAEMON)));

        assertThat(lines.get(5)).startsWith("[###############.....]  75 % full, on disk 192M, ");
    }

    /** With its tables alone in memory a device has no ratio, and what is on the disk is saved. */
    @Test
    void shouldTellWhatIsInMemoryFromWhatIsOnTheBackingSwap() {
        BackingStatistics backing =
                new BackingStatistics("/dev/sda2", "healthy", 0, 0, 0, 0, 0, 5120, TierStatistics.NONE);
        DeviceStatistics figures =
                Figures.with(Figures.with(statistics(0, backing), "zeroPages", 0L), "memUsedTotalBytes", 1024L << 10);
        DeviceReport device = new DeviceReport("/dev/nbd0", "segment", "lz4", figures);

        List<String> lines =
                text(new Screen(80, 24).lines(Optional.empty(), Moment.now(new Host(root), List.of(device), DAEMON)));

        assertThat(lines.get(1))
                .startsWith("held     4K in 1M of memory, 20M on disk")
                .contains("saved  19M  ratio -");
        assertThat(lines.get(4)).containsPattern("/dev/nbd0 +256M +4K +1M +- ");
    }

    private void stat(String figures) throws IOException {
        Path file = root.resolve("sys/block/nbd0/stat");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "  " + figures.replace(" ", "    ") + "\n");
    }

    private Moment now(int devices, long reads) {
        List<DeviceReport> reports = IntStream.range(0, devices)
                .mapToObj(number -> new DeviceReport(
                        "/dev/nbd" + number, "segment", "lz4", statistics(reads, BackingStatistics.NONE)))
                .toList();
        return Moment.now(new Host(root), reports, DAEMON);
    }

    private static DeviceStatistics statistics(long reads, BackingStatistics backing) {
        return new DeviceStatistics(
                256 * MIB, 0, reads, reads, 0, 0, 0, 0, 1, 50, 0, 1, 1, 4096, 2000, 4096, 0, 0, 0, 0, 0, 0, backing);
    }
}
