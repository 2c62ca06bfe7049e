package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.backing.BackingSwapException;
import io.ramzswap.backing.BackingSwapOpener;
import io.ramzswap.backing.SwapFile;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.writeback.WriteBackKind;
import io.ramzswap.writeback.WriteBackLimits;
import io.ramzswap.writeback.WriteBackOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RzscontrolTest extends RzscontrolOnADaemon {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dev/nbd0 --init --disksize_kb=524288 --memlimit_kb=262144",
                "/dev/nbd0 --memlimit_kb 262144 --disksize_kb 524288 --init",
                "--init -d 524288 -m 262144 /dev/nbd0",
                "/dev/nbd0 -i -d524288 -m262144"
            })
    void shouldInitialiseWithTheSizesGiven(String arguments) {
        assertThat(rzscontrol(arguments.split(" ", -1))).isEqualTo(Run.silent());

        assertThat(stores.made()).containsExactly(new DeviceSettings(512 << 20, 256 << 20, true));
        assertThat(point.isAttached()).isTrue();
    }

    @Test
    void shouldKeepSettingsUntilALaterInit() {
        assertThat(rzscontrol(DEVICE, "--disksize_kb=65536")).isEqualTo(Run.silent());
        assertThat(rzscontrol(DEVICE, "--memlimit_kb=8192")).isEqualTo(Run.silent());
        assertThat(rzscontrol(DEVICE, "--init")).isEqualTo(Run.silent());

        assertThat(stores.made()).containsExactly(new DeviceSettings(64 << 20, 8 << 20, true));
    }

    @Test
    void shouldInitialiseWithTheAllocatorGiven() {
        assertThat(rzscontrol(DEVICE, "-d", "65536", "--allocator", "zsmalloc")).isEqualTo(Run.silent());
        assertThat(rzscontrol(DEVICE, "--init")).isEqualTo(Run.silent());

        assertThat(stores.made().get(0).allocator()).isEqualTo(AllocatorKind.ZSMALLOC);
        assertThat(rzscontrol(DEVICE, "--allocator=zbud"))
                .isEqualTo(
                        Run.failed(7, "rzscontrol: /dev/nbd0 is initialised: the allocator is fixed" + TO_BEGIN_ANEW));
    }

    @Test
    void shouldInitialiseWithTheCompressorGiven() {
        assertThat(rzscontrol(DEVICE, "-d", "65536", "--compressor", "zstd")).isEqualTo(Run.silent());
        assertThat(rzscontrol(DEVICE, "--init")).isEqualTo(Run.silent());

        assertThat(stores.made().get(0).compressor()).isEqualTo(CompressorKind.ZSTD);
        assertThat(rzscontrol("list", "--output=ALGORITHM", "--noheadings").out())
                .isEqualTo("zstd\n");
    }

    @Test
    void shouldChangeTheCompressorOfADeviceInUse() {
        assertThat(rzscontrol(DEVICE, "-d", "65536", "--init")).isEqualTo(Run.silent());

        assertThat(rzscontrol(DEVICE, "--compressor=zstd")).isEqualTo(Run.silent());
        assertThat(rzscontrol(DEVICE, "--compressor=zstd")).isEqualTo(Run.silent());

        assertThat(stores.compressors()).containsExactly(CompressorKind.ZSTD);
        assertThat(rzscontrol("list", "--output=ALGORITHM", "--noheadings").out())
                .isEqualTo("zstd\n");
    }

    @Test
    void shouldKeepTheAllocatorAndCompressorWhenTheMemlimitIsChanged() {
        assertThat(rzscontrol(DEVICE, "-d", "65536", "--compressor=zstd", "--init"))
                .isEqualTo(Run.silent());

        assertThat(rzscontrol(DEVICE, "-m", "8192")).isEqualTo(Run.silent());

        assertThat(rzscontrol("list", "--output=ALGORITHM", "--noheadings").out())
                .isEqualTo("zstd\n");
    }

    @Test
    void shouldChangeNothingWhereTheCompressorCannotBeHad() {
        assertThat(rzscontrol(DEVICE, "-d", "65536", "-m", "8192", "--init")).isEqualTo(Run.silent());
        stores.failing(true);

        assertThat(rzscontrol(DEVICE, "-m", "16384", "--compressor=zstd"))
                .isEqualTo(Run.failed(9, "rzscontrol: /dev/nbd0 keeps its compressor: serving could not be rehearsed"));

        assertThat(stores.limits()).containsExactly(16L << 20, 8L << 20);
        assertThat(rzscontrol("list", "--output=ALGORITHM", "--noheadings").out())
                .isEqualTo("lz4\n");
    }

    @Test
    void shouldNameTheCompressorsThereAre() {
        assertThat(rzscontrol(DEVICE, "--compressor", "lzo", "--init"))
                .isEqualTo(Run.failed(
                        2,
                        "rzscontrol: Invalid value for option '--compressor': 'lzo' is no compressor: there are lz4, zstd;"
                                + " see rzscontrol --help"));
        assertThat(stores.made()).isEmpty();
    }

    @Test
    void shouldNameTheAllocatorsThereAre() {
        assertThat(rzscontrol(DEVICE, "--allocator", "slab", "--init"))
                .isEqualTo(Run.failed(
                        2,
                        "rzscontrol: Invalid value for option '--allocator': 'slab' is no allocator: there are segment,"
                                + " zsmalloc, xvmalloc, zbud; see rzscontrol --help"));
        assertThat(stores.made()).isEmpty();
    }

    @Test
    void shouldPrintStatistics() {
        Run run = rzscontrol(DEVICE, "--stats", "--init", "-m", "8192");

        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("DiskSize:\t  262144 kB\nMemLimit:\t    8192 kB\nNumReads:\t       1\n")
                .endsWith("MemUsedTotal:\t       0 kB\n");
        assertThat(run.out().lines()).hasSize(16);
    }

    @Test
    void shouldPrintMoreWhenVerbose() {
        Run run = rzscontrol(DEVICE, "--stats", "--init", "--verbose");

        assertThat(run.status()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceAll(":.*", "")).skip(15))
                .containsExactly(
                        "CorruptPages",
                        "MemCeiling",
                        "MemReserve",
                        "ReserveWaits",
                        "CompactionPauses",
                        "TrimFree",
                        "EventFree",
                        "DaemonOwn",
                        "DaemonLocked",
                        "DaemonUnlocked",
                        "DaemonSwapped",
                        "Threads",
                        "IoFlusherThreads",
                        "RealTimeThreads",
                        "OomScoreAdj",
                        "CgroupMax",
                        "CgroupHigh",
                        "CgroupMin",
                        "CpuLatency",
                        "CpuLatencyAsked");
        assertThat(run.out()).containsPattern("DaemonOwn:\t +[1-9][0-9]* kB\n");
    }

    @Test
    void shouldCarryOutInTheOrderOf2009WhateverTheCommandLineSays() {
        Run run = rzscontrol("-s", "-r", "-i", "-d", "65536", "-m", "8192", DEVICE);

        assertThat(stores.made()).containsExactly(new DeviceSettings(64 << 20, 8 << 20, true));
        assertThat(stores.open()).isZero();
        assertThat(run)
                .isEqualTo(
                        Run.failed(
                                6,
                                "rzscontrol: /dev/nbd0 has no statistics: it is not initialised; run rzscontrol /dev/nbd0 --init first"));
    }

    @Test
    void shouldStopAtTheFirstFailure() {
        rzscontrol(DEVICE, "--init");

        assertThat(rzscontrol(DEVICE, "--disksize_kb=8192", "--reset"))
                .isEqualTo(
                        Run.failed(7, "rzscontrol: /dev/nbd0 is initialised: the disksize is fixed" + TO_BEGIN_ANEW));
        assertThat(stores.open()).isOne();
    }

    @Test
    void shouldTellWhatWasSetWhenVerbose() {
        assertThat(rzscontrol(DEVICE, "-v", "-i", "-d", "65537", "-m", "8192"))
                .isEqualTo(new Run(0, "memlimit_kb: 8192\ndisksize_kb: 65537\n", ""));
    }

    @Test
    void shouldPrintTheDaemonsWarnings() {
        assertThat(rzscontrol(DEVICE, "--init", "--disksize_kb=65536", "--memlimit_kb=65540"))
                .isEqualTo(new Run(
                        0,
                        "",
                        "rzscontrol: warning: a memlimit of 65540 kB is not possible with a disksize of 65536 kB: no limit is"
                                + " set\n"));
        assertThat(stores.made()).containsExactly(new DeviceSettings(64 << 20, 64 << 20, false));
    }

    @Test
    void shouldRefuseToInitialiseTwice() {
        rzscontrol(DEVICE, "--init");

        assertThat(rzscontrol(DEVICE, "--init"))
                .isEqualTo(Run.failed(
                        7, "rzscontrol: /dev/nbd0 is initialised: it is not initialised again" + TO_BEGIN_ANEW));
    }

    @Test
    void shouldResetWhatIsNotInitialised() {
        assertThat(rzscontrol(DEVICE, "--reset")).isEqualTo(Run.silent());
    }

    @Test
    void shouldChangeNothingWhenResetWhileInUse() {
        rzscontrol(DEVICE, "--init");
        point.used(true);

        assertThat(rzscontrol(DEVICE, "--reset"))
                .isEqualTo(Run.failed(7, "rzscontrol: /dev/nbd0 is in use, nothing was changed: it is active swap"));
        assertThat(stores.open()).isOne();
    }

    @Test
    void shouldKnowUnknownDevices() {
        assertThat(rzscontrol("/dev/sda", "--init")).isEqualTo(Run.failed(5, "rzscontrol: no device /dev/sda"));
    }

    @ParameterizedTest
    @CsvSource({"0", "39", "1073741825"})
    void shouldRefuseADiskSizeThatNoDeviceCanHave(String kilobytes) {
        String shown = kilobytes.length() > 16 ? "9007199254740991" : kilobytes;
        assertThat(rzscontrol(DEVICE, "--disksize_kb=" + kilobytes, "--init"))
                .isEqualTo(Run.failed(
                        2,
                        "rzscontrol: a disksize of " + shown
                                + " kB is not possible: it goes from 40 kB to 1073741824 kB"));
        assertThat(stores.made()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "12x", "-1", "1.5", "", "0x10"})
    void shouldRefuseWhatIsNoNumber(String text) {
        assertThat(rzscontrol(DEVICE, "--disksize_kb=" + text))
                .isEqualTo(Run.failed(
                        2,
                        "rzscontrol: Invalid value for option '--disksize_kb': '" + text
                                + "' is not a number of kilobytes; see rzscontrol --help"));
    }

    @Test
    void shouldChangeTheMemLimitOfADeviceInUse() {
        rzscontrol(DEVICE, "--init");
        point.used(true);

        assertThat(rzscontrol(DEVICE, "--memlimit_kb=8192")).isEqualTo(Run.silent());
        assertThat(rzscontrol(DEVICE, "--memlimit_kb=4"))
                .isEqualTo(
                        Run.failed(
                                2,
                                "rzscontrol: /dev/nbd0 keeps its memlimit: a memlimit of 4 kB is too small for a disksize of"
                                        + " 262144 kB, which takes 1312 kB before the first page: raise memlimit or lower disksize"));
        assertThat(rzscontrol(DEVICE, "-m", "2"))
                .isEqualTo(Run.failed(
                        2, "rzscontrol: a memlimit of 2 kB is not possible: it goes from 4 kB to the disksize"));
        assertThat(stores.limits()).containsExactly(8L << 20);
    }

    @Test
    void shouldChangeNothingWhenAPartIsRefused() {
        rzscontrol(DEVICE, "--init");

        assertThat(rzscontrol(DEVICE, "-i", "-d", "65536", "-m", "32768"))
                .isEqualTo(
                        Run.failed(7, "rzscontrol: /dev/nbd0 is initialised: the disksize is fixed" + TO_BEGIN_ANEW));
        assertThat(rzscontrol(DEVICE, "-m", "32768", "--writeback=all").status())
                .isEqualTo(11);
        assertThat(stores.limits()).isEmpty();

        rzscontrol(DEVICE, "--reset");
        assertThat(rzscontrol(DEVICE, "-i", "-d", "65536", "-m", "2").status()).isEqualTo(2);
        assertThat(rzscontrol(DEVICE, "-i")).isEqualTo(Run.silent());
        assertThat(stores.made().get(1)).isEqualTo(new DeviceSettings(256 << 20, 256 << 20, false));
    }

    @Test
    void shouldRefuseALimitOnWriteBackThatThereIsNot() {
        Path swap = SwapFile.make(onDisk.resolve("swap"), 1024);
        Run refused = Run.failed(
                11,
                "rzscontrol: /dev/nbd0 writes nothing back that could be limited: that takes a backing swap, with the"
                        + " layout log");

        assertThat(rzscontrol(DEVICE, "--writeback_limit_kb=1000")).isEqualTo(refused);
        assertThat(rzscontrol(
                        DEVICE,
                        "--init",
                        "-b",
                        swap.toString(),
                        "--backing_layout=linear",
                        "--writeback_limit_kb=1000"))
                .isEqualTo(refused);
        assertThat(stores.made()).isEmpty();
    }

    @Test
    void shouldSayWhatTheWriteBackLimitLeaves() {
        Path swap = SwapFile.make(onDisk.resolve("swap"), 1024);
        rzscontrol(DEVICE, "--init", "--backing_swap=" + swap, "--writeback_limit_kb=1000");

        stores.budgetLeft(500 << 10);
        assertThat(rzscontrol(DEVICE, "--writeback=all"))
                .isEqualTo(
                        new Run(
                                0,
                                "",
                                "rzscontrol: warning: at most 500 kB are written back: that is what is left of this hour's limit\n"));
        stores.budgetLeft(0);
        assertThat(rzscontrol(DEVICE, "--writeback=idle"))
                .isEqualTo(Run.failed(
                        7,
                        "rzscontrol: /dev/nbd0 has used up its write-back limit of 1000 kB for this hour, nothing was"
                                + " ordered: order it again later, or raise the limit"));
        assertThat(rzscontrol(DEVICE, "-m", "4096", "--writeback=all").status()).isEqualTo(7);
        assertThat(stores.limits()).as("changed, and changed back").containsExactly(4L << 20, 4L << 20);
    }

    @Test
    void shouldInitialiseWithABackingSwap() {
        Path swap = SwapFile.make(onDisk.resolve("swap"), 1024);

        Run run = rzscontrol(DEVICE, "--init", "--backing_swap=" + swap, "--stats", "--verbose");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("backing_swap: " + swap + "\nBackingSwap:\t" + swap.toAbsolutePath()
                        + "\nDiskSize:\t    4096 kB\n")
                .contains("BDevNumReads:\t      15\nBDevNumWrites:\t      16\n", "BDevState:\thealthy\n");
        assertThat(stores.made()).containsExactly(new DeviceSettings(4 << 20, 4 << 20, false));
        assertThat(rzscontrol(DEVICE, "-b", swap.toString()))
                .isEqualTo(Run.failed(
                        7, "rzscontrol: /dev/nbd0 is initialised: the backing swap is fixed" + TO_BEGIN_ANEW));
        assertThat(rzscontrol(DEVICE, "--reset")).isEqualTo(Run.silent());
        assertThat(rzscontrol(DEVICE, "--init")).as("it is forgotten").isEqualTo(Run.silent());
        assertThat(stores.made().get(1).diskSizeBytes()).isEqualTo(256 << 20);
    }

    @Test
    void shouldSayHowABackingSwapIsUsedAndWhatGoesThere() {
        Path swap = SwapFile.make(onDisk.resolve("swap"), 65536);

        assertThat(rzscontrol(DEVICE, "--writeback=all"))
                .isEqualTo(Run.failed(
                        6,
                        "rzscontrol: /dev/nbd0 has nothing to write back: it is not initialised; run rzscontrol"
                                + " /dev/nbd0 --init first"));
        assertThat(rzscontrol(
                        DEVICE,
                        "--backing_swap=" + swap,
                        "--backing_layout=log",
                        "--backing_encrypt=off",
                        "--writeback_limit_kb=1048576",
                        "--writeback=idle",
                        "--idle=30d",
                        "--init"))
                .isEqualTo(Run.silent());
        assertThat(stores.writeBackLimits().get(0)).isEqualTo(new WriteBackLimits(1L << 30, 0, false));
        assertThat(stores.orders()).containsExactly(new WriteBackOrder(WriteBackKind.IDLE, 2_592_000));

        assertThat(rzscontrol(DEVICE, "--writeback_limit_kb=0", "--writeback=huge"))
                .isEqualTo(Run.silent());
        assertThat(stores.writeBackLimits().get(1)).isEqualTo(WriteBackLimits.NONE);
        assertThat(stores.orders().get(1).kind()).isEqualTo(WriteBackKind.HUGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--backing_encrypt=off", "--backing_encrypt off"})
    void shouldTakeWhetherToEncryptInEitherWayOfWritingIt(String option) {
        Path swap = SwapFile.make(onDisk.resolve("swap"), 1024);
        List<String> arguments = new ArrayList<>(List.of(DEVICE, "--backing_swap=" + swap, "--init"));
        arguments.addAll(List.of(option.split(" ", -1)));

        assertThat(rzscontrol(arguments.toArray(String[]::new))).isEqualTo(Run.silent());
        assertThat(rzscontrol("--help").out()).containsPattern("--backing_encrypt[= ]on\\|off");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--idle=10m | --idle goes with --writeback=idle",
                "--idle=31d | Invalid value for option '--idle': a length of time, 0 to 30d, as 90s, 10m, 2h or 1d, is"
                        + " expected, not '31d'",
                "--idle=999999999d | Invalid value for option '--idle': a length of time, 0 to 30d, as 90s, 10m, 2h or"
                        + " 1d, is expected, not '999999999d'",
                "--idle=-1 | Invalid value for option '--idle': a length of time, 0 to 30d, as 90s, 10m, 2h or 1d, is"
                        + " expected, not '-1'",
                "--idle=1w | Invalid value for option '--idle': a length of time, 0 to 30d, as 90s, 10m, 2h or 1d, is"
                        + " expected, not '1w'",
                "--backing_layout=log | --backing_encrypt and --backing_layout go with --backing_swap",
                "--backing_encrypt=on | --backing_encrypt and --backing_layout go with --backing_swap",
                "--writeback=cold | Invalid value for option '--writeback': 'cold' is no kind of pages: there are idle,"
                        + " huge, all",
                "--backing_layout=tree | Invalid value for option '--backing_layout': 'tree' is no layout: there are"
                        + " log, linear",
                "--writeback_limit_kb=1G | Invalid value for option '--writeback_limit_kb': '1G' is not a number of"
                        + " kilobytes",
            })
    void shouldRefuseWhatMakesNoSenseForABackingSwap(String option, String complaint) {
        assertThat(rzscontrol(DEVICE, option))
                .isEqualTo(Run.failed(2, "rzscontrol: " + complaint + "; see rzscontrol --help"));
    }

    @Test
    void shouldSayThatThereIsNowhereToWriteBackTo() {
        rzscontrol(DEVICE, "--init");

        assertThat(rzscontrol(DEVICE, "--writeback=all"))
                .isEqualTo(Run.failed(
                        11,
                        "rzscontrol: /dev/nbd0 has nowhere to write pages back to: that takes a backing swap, with the"
                                + " layout log"));
    }

    @Test
    void shouldSayWhyABackingSwapDoesNotDo() throws IOException, BackingSwapException {
        Path swap = onDisk.resolve("swap").toAbsolutePath();
        String refused = "rzscontrol: /dev/nbd0 was not initialised: backing_swap: ";
        String[] init = {DEVICE, "--init", "--backing_swap=" + swap};

        assertThat(rzscontrol(init)).isEqualTo(Run.failed(5, refused + "there is no " + swap));

        Files.write(swap, new byte[8192]);
        assertThat(rzscontrol(init))
                .isEqualTo(Run.failed(
                        2,
                        refused + swap + " is not swap-formatted; if nothing on it is needed any more, run mkswap "
                                + swap));

        SwapFile.make(swap, 4);
        assertThat(rzscontrol(init))
                .isEqualTo(Run.failed(
                        2,
                        refused + swap + " does not do: a disksize of 16 kB is not possible: it goes from 40 kB to"
                                + " 1073741824 kB"));

        SwapFile.make(swap, 1024);
        try (BackingSwap other = BackingSwapOpener.open(swap, BackingOptions.DEFAULT)) {
            assertThat(other.path()).isEqualTo(swap);
            assertThat(rzscontrol(init))
                    .isEqualTo(Run.failed(
                            7, refused + swap + " is in use by another program, which has locked it; end that first"));
        }
        stores.failing(true);
        assertThat(rzscontrol(init).status()).isEqualTo(9);
        stores.failing(false);
        assertThat(rzscontrol(init)).as("it was closed again").isEqualTo(Run.silent());
    }
}
