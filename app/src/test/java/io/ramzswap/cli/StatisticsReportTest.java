package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.backing.BackingStatistics;
import io.ramzswap.backing.TierStatistics;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.notify.NotifyMode;
import io.ramzswap.notify.NotifyState;
import io.ramzswap.notify.NotifyStatistics;
import io.ramzswap.notify.SwapStatistics;
import io.ramzswap.process.CpuLatencyStatistics;
import io.ramzswap.process.MemoryCgroup;
import io.ramzswap.process.ProcessStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StatisticsReportTest {
    private static final ProcessStatistics PROCESS = new ProcessStatistics(
            1,
            2,
            0,
            0,
            20,
            20,
            3,
            -1000,
            new MemoryCgroup(MemoryCgroup.NONE, MemoryCgroup.NONE, 0),
            new CpuLatencyStatistics(2, 31),
            "/system.slice/ramzswap.service");

    /** Sizes and pages are those of a machine that the compcache wiki shows on its page about fragmentation. */
    private static DeviceStatistics statistics(long memLimitBytes) {
        return statistics(memLimitBytes, BackingStatistics.NONE);
    }

    private static DeviceStatistics statistics(long memLimitBytes, BackingStatistics backing) {
        return new DeviceStatistics(
                4194304L << 10,
                memLimitBytes,
                1234567,
                123456789,
                1,
                2,
                3,
                4,
                5678,
                71,
                9,
                102777,
                41309,
                411108L << 10,
                (91324L << 10) + 1023,
                165236L << 10,
                0,
                0,
                0,
                0,
                0,
                3,
                backing);
    }

    @Test
    void shouldPrintTheStatisticsOf2009ToTheByte() {
        assertThat(StatisticsReport.of(statistics(1000000L << 10))).isEqualTo("""
                        DiskSize:\t 4194304 kB
                        MemLimit:\t 1000000 kB
                        NumReads:\t 1234567
                        NumWrites:\t123456789
                        FailedReads:\t       1
                        FailedWrites:\t       2
                        InvalidIO:\t       3
                        NotifyFree:\t       4
                        ZeroPages:\t    5678
                        GoodCompress:\t      71 %
                        NoCompress:\t       9 %
                        PagesStored:\t  102777
                        PagesUsed:\t   41309
                        OrigDataSize:\t  411108 kB
                        ComprDataSize:\t   91324 kB
                        MemUsedTotal:\t  165236 kB
                        """);
    }

    @Test
    void shouldPrintThoseOfABackingSwapAsIn2009() {
        BackingStatistics backing =
                new BackingStatistics("/dev/sda2", "healthy", 171419, 113780, 1, 2, 3, 4, TierStatistics.NONE);

        assertThat(StatisticsReport.of(statistics(1000000L << 10, backing)))
                .startsWith("BackingSwap:\t/dev/sda2\nDiskSize:\t 4194304 kB\nMemLimit:\t 1000000 kB\n")
                .endsWith("MemUsedTotal:\t  165236 kB\nBDevNumReads:\t  171419\nBDevNumWrites:\t  113780\n");
    }

    @Test
    void shouldLeaveTheMemLimitOutWhenNoneWasGiven() {
        assertThat(StatisticsReport.of(statistics(0)))
                .startsWith("DiskSize:\t 4194304 kB\nNumReads:\t 1234567\n")
                .doesNotContain("MemLimit");
    }

    @Test
    void shouldAddWhatTheKernelSaysOfADeviceOfItsOwn() {
        NotifyStatistics notifier =
                new NotifyStatistics(NotifyState.ACTIVE, "swap_range_free", 68096, 17, 5, 2, 1, 1 << 20);

        assertThat(StatisticsReport.more(
                        statistics(0), Optional.of(new SwapStatistics(true, 108000, notifier)), PROCESS))
                .contains("""
                        TrimFree:\t       1
                        EventFree:\t       3
                        SwapUsed:\t  108000
                        StalePages:\t     454
                        Notifier:\tactive, swap_range_free
                        NotifyEvents:\t   68096
                        NotifyTooNew:\t      17
                        NotifyMissed:\t       5
                        NotifyForeign:\t       2
                        NotifyRests:\t       1
                        NotifyBuffer:\t    1024 kB
                        """);
    }

    /** The kernel does not know which of its slots are on the disk: of 102,777 + 5,678 - 1 + 1,000 pages it uses 109,000. */
    @Test
    void shouldCountPagesOnTheBackingSwapAmongThoseHeldForTheKernel() {
        BackingStatistics backing =
                new BackingStatistics("/dev/sda2", "healthy", 0, 0, 0, 0, 0, 1000, TierStatistics.NONE);
        SwapStatistics swap = new SwapStatistics(true, 109_000, NotifyStatistics.none(NotifyMode.TRIM));

        assertThat(StatisticsReport.more(statistics(0, backing), Optional.of(swap), PROCESS))
                .contains("StalePages:\t     454\n");
    }

    /** Every figure there is, and none that there is not. */
    @Test
    void shouldHaveTheFiguresThatTheManualLists() throws IOException {
        TierStatistics tiers = new TierStatistics("log", true, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
        BackingStatistics backing = new BackingStatistics("/dev/sda2", "healthy", 1, 2, 3, 4, 5, 6, tiers);
        SwapStatistics swap = new SwapStatistics(true, 1, NotifyStatistics.none(NotifyMode.TRIM));
        DeviceStatistics device = statistics(1000000L << 10, backing);
        String printed = StatisticsReport.of(device) + StatisticsReport.more(device, Optional.of(swap), PROCESS);

        String manual = Files.readString(Path.of("src/main/man/rzscontrol.8"));
        String section = manual.substring(manual.indexOf(".SH STATISTICS"), manual.indexOf(".SH EXIT STATUS"));

        assertThat(Pattern.compile("^\\.TP\n\\.B (.*)$", Pattern.MULTILINE)
                        .matcher(section)
                        .results()
                        .flatMap(term -> Stream.of(term.group(1).split(", ", -1))))
                .containsExactlyInAnyOrderElementsOf(printed.lines()
                        .map(line -> line.substring(0, line.indexOf(':')))
                        .toList());
    }

    @Test
    void shouldAddWhatIsAskedOfProcessors() {
        assertThat(StatisticsReport.more(statistics(0), Optional.empty(), PROCESS))
                .endsWith("CpuLatency:\t       2 us\nCpuLatencyAsked:\t      31\n");
        assertThat(StatisticsReport.more(
                        statistics(0), Optional.empty(), PROCESS.withCpuLatency(CpuLatencyStatistics.NONE)))
                .endsWith("CpuLatency:\t    none\nCpuLatencyAsked:\t       0\n");
    }

    @Test
    void shouldLeaveTheKernelOutForADeviceThatIsNotIts() {
        assertThat(StatisticsReport.more(statistics(0), Optional.empty(), PROCESS))
                .contains("EventFree")
                .doesNotContain("SwapUsed", "Notifier");
    }
}
