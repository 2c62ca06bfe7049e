package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.backing.BackingStatistics;
import io.ramzswap.backing.SwapFile;
import io.ramzswap.backing.TierStatistics;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.device.Figures;
import io.ramzswap.notify.NotifyMode;
import io.ramzswap.notify.NotifyStatistics;
import io.ramzswap.notify.SwapStatistics;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DoctorCommandTest extends HealthyHost {
    @Test
    void shouldFindNothingWrongWithAHealthyHost() {
        Run run = doctor();

        assertThat(run).isEqualTo(new Run(0, """
                                note     daemon        no daemon at %s: start ramzswapd, or name its socket with --control
                                ok       kernel        Linux 6.12.48+deb13-amd64
                                ok       nbd           the driver is loaded; 2 of 3 devices are free, first /dev/nbd1
                                ok       served        /dev/nbd0 is swap and is served
                                ok       privileges    a daemon started from here may lock its memory, set PR_SET_IO_FLUSHER and attach
                                ok       zswap         not enabled
                                ok       zram          no swap on it
                                ok       priority      ramzswap is filled before all other swap
                                ok       swappiness    vm.swappiness is 60
                                ok       page-cluster  vm.page-cluster is 3: a fault reads up to 8 pages
                                ok       memory        4096 MiB of RAM
                                ok       cgroup        no limit in the way
                                ok       suspend       programs are frozen before the daemon
                                ok       hibernation   the kernel refuses it
                                ok       boot          nothing waits for a ramzswap device
                                """.formatted(socket()), ""));
    }

    @Test
    void shouldTellADriverThatCanBeLoadedFromOneThatIsMissing() throws IOException {
        tree().without("/sys/module/nbd/parameters/max_part")
                .without("/sys/module/nbd/parameters")
                .without("/sys/module/nbd");

        assertThat(doctor("--quiet")).isEqualTo(new Run(13, """
                                note     daemon        no daemon at %s: start ramzswapd, or name its socket with --control
                                error    nbd           this kernel has no nbd driver, neither loaded nor in /lib/modules/6.12.48+deb13-amd64: only ramzswapd --listen works here
                                         # apt install linux-image-amd64
                                """.formatted(socket()), ""));

        tree().file(
                        "/lib/modules/6.12.48+deb13-amd64/modules.dep",
                        "kernel/drivers/block/loop.ko.xz:\nkernel/drivers/block/nbd.ko.xz: kernel/lib/x.ko\n");
        assertThat(doctor("-q").out()).contains("note     nbd           the driver is not loaded; it can be\n");
    }

    @Test
    void shouldJudgeADaemonThatRuns() throws IOException {
        try (PlayedDaemon daemon = new PlayedDaemon(directory(), "/dev/nbd0")) {
            daemon.rzscontrol("/dev/nbd0", "--init", "-d", "524288", "-m", "131072");
            daemon.stores().changing(DoctorCommandTest::well);

            Run run = daemon.rzscontrol("doctor", tree().option(), "--quiet");

            // This test's JVM stands in for the daemon, and nothing protects it.
            assertThat(run.status()).isEqualTo(12);
            assertThat(run.out())
                    .contains(
                            "threads run without PR_SET_IO_FLUSHER, so that it refuses to attach a kernel device\n",
                            "warning  memory        /dev/nbd0 can be full before its swap area is: its memlimit holds 128 MiB,"
                                    + " and the swap area of 512 MiB needs as much only if pages shrink to less than half\n",
                            "         # rzscontrol /dev/nbd0 --init --memlimit_kb=131072 --disksize_kb=262144\n");
        }
    }

    /** As after its daemon was killed, and systemd has started another one, which has no device. */
    @Test
    void shouldSayThatAnotherDaemonDoesNotServeADeviceEither() throws IOException {
        tree().without("/proc/17");
        try (PlayedDaemon daemon = new PlayedDaemon(directory(), "/dev/nbd1")) {
            daemon.rzscontrol("/dev/nbd1", "--init");

            Run run = daemon.rzscontrol("doctor", tree().option(), "--quiet");

            assertThat(run.status()).isEqualTo(13);
            assertThat(run.out())
                    .contains("error    served        /dev/nbd0 is swap and nobody serves it: process 17 has ended.")
                    .doesNotContain("no ramzswap device is swap");
        }
    }

    /** Where processes have a name space of their own, the server's number means nothing. */
    @Test
    void shouldNotTakeAServerThatCannotBeSeenForOneThatHasEnded() throws IOException {
        tree().without("/proc/17").link("/proc/self/ns/pid", "pid:[4026532281]");

        assertThat(doctor().out()).contains("ok       served        /dev/nbd0 is swap and is served\n");
    }

    @Test
    void shouldSayThatADaemonWhichHangsServesSwap() throws IOException {
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(UnixDomainSocketAddress.of(socket()));

            Run run = doctor("--quiet");

            assertThat(run.status()).isEqualTo(13);
            assertThat(run.out())
                    .contains("error    daemon        the daemon at " + socket() + " does not answer")
                    .contains("Its device is swap: programs that need pages from it may wait for ever\n");
        }
    }

    static Stream<Arguments> ailmentsOfDevices() {
        return Stream.of(
                Arguments.of(
                        "error",
                        "CorruptPages is 484: pages did not pass their check when they were read, and were I/O errors"
                                + " instead of wrong bytes; the memory or a disk is bad, or it is a fault of ours",
                        List.of("corruptPages", 484L)),
                Arguments.of(
                        "error",
                        "FailedReads is 484: pages could not be read back, and programs that needed them were killed",
                        List.of("failedReads", 484L)),
                Arguments.of(
                        "warning",
                        "FailedWrites is 32298: pages were refused, because there was no memory for them; the kernel keeps"
                                + " such pages and tries again, and the machine crawls",
                        List.of("failedWrites", 32_298L)),
                Arguments.of(
                        "error",
                        "its memory is full (99 MiB of 100 MiB) while its swap area is not: further pages are refused",
                        List.of("memUsedTotalBytes", 99L << 20, "memCeilingBytes", 100L << 20)),
                Arguments.of(
                        "warning",
                        "its memory is nearly full (90 MiB of 100 MiB) while its swap area is not: soon pages will be"
                                + " refused",
                        List.of("memUsedTotalBytes", 90L << 20, "memCeilingBytes", 100L << 20)),
                Arguments.of(
                        "error",
                        "its backing swap /dev/sda2 did not give back the page that was read last (17 of 15 reads failed)",
                        List.of("backing", backing("unreadable"))),
                Arguments.of(
                        "warning",
                        "its backing swap /dev/sda2 refuses pages (18 of 16 writes failed): only memory takes them now",
                        List.of("backing", backing("unwritable"))),
                Arguments.of(
                        "error",
                        "its backing swap /dev/sda2 has not answered a request for more than a second: programs that need"
                                + " pages from it wait",
                        List.of("backing", backing("stalled"))),
                Arguments.of(
                        "warning",
                        "its backing swap /dev/sda2 is full: only memory takes pages now",
                        List.of("backing", backing("full"))),
                Arguments.of(
                        "error",
                        "the thread that writes to its backing swap /dev/sda2 died of a fault of ours: what is there can be"
                                + " read, and only memory takes pages now",
                        List.of("backing", backing("broken"))));
    }

    private static BackingStatistics backing(String state) {
        return new BackingStatistics("/dev/sda2", state, 15, 16, 17, 18, 19, 20, TierStatistics.NONE);
    }

    @ParameterizedTest
    @MethodSource("ailmentsOfDevices")
    void shouldTellWhatADeviceAilsFrom(String severity, String words, List<Object> figures) throws IOException {
        try (PlayedDaemon daemon = new PlayedDaemon(directory(), "/dev/nbd0")) {
            daemon.rzscontrol("/dev/nbd0", "--init", "-d", "524288");
            daemon.stores().changing(healthy -> {
                DeviceStatistics changed = well(healthy);
                for (int i = 0; i < figures.size(); i += 2) {
                    changed = Figures.with(changed, (String) figures.get(i), figures.get(i + 1));
                }
                return changed;
            });

            Run run = daemon.rzscontrol("doctor", tree().option(), "--quiet");

            assertThat(run.status()).isEqualTo(severity.equals("error") ? 13 : 12);
            assertThat(run.out().lines().filter(line -> line.contains("  device  ")))
                    .containsExactly(String.format("%-7s  device        /dev/nbd0: %s", severity, words));
        }
    }

    @Test
    void shouldSayThatADeviceDoesWell() throws IOException {
        try (PlayedDaemon daemon = new PlayedDaemon(directory(), "/dev/nbd0")) {
            daemon.rzscontrol("/dev/nbd0", "--init", "-d", "524288");
            daemon.stores().changing(DoctorCommandTest::well);

            assertThat(daemon.rzscontrol("doctor", tree().option()).out())
                    .contains("ok       device        /dev/nbd0 has taken every page, and given every page back\n");
        }
    }

    @Test
    void shouldSayThatFreedSlotsAreLearntOfLate() throws IOException {
        try (PlayedDaemon daemon = new PlayedDaemon(directory(), "/dev/nbd0")) {
            daemon.point("/dev/nbd0").saying(new SwapStatistics(true, 1, NotifyStatistics.none(NotifyMode.TRIM)));
            daemon.rzscontrol("/dev/nbd0", "--init", "-d", "524288");

            assertThat(daemon.rzscontrol("doctor", tree().option()).out())
                    .contains("note     device        /dev/nbd0: freed swap slots are learnt of by TRIM alone, a whole"
                            + " cluster at a time: not wanted, --notify=trim\n");
        }
    }

    private static DeviceStatistics well(DeviceStatistics figures) {
        return Figures.with(Figures.with(figures, "failedReads", 0L), "failedWrites", 0L);
    }

    /** What its memory has no room for goes to the backing swap, however small the limit is. */
    @Test
    void shouldNotTakeADeviceWithABackingSwapForOneThatIsFullBeforeItsArea() throws IOException {
        Path disk = SwapFile.directory();
        Path file = SwapFile.make(disk.resolve("swap"), 1024);
        try (PlayedDaemon daemon = new PlayedDaemon(directory(), "/dev/nbd0")) {
            daemon.rzscontrol("/dev/nbd0", "--init", "-b", file.toAbsolutePath().toString(), "-m", "1024");

            Run run = daemon.rzscontrol("doctor", tree().option());

            assertThat(run.out()).contains("ok       memory        4096 MiB of RAM\n");
            daemon.rzscontrol("/dev/nbd0", "--reset");
        } finally {
            Files.delete(file);
            Files.delete(disk);
        }
    }

    @Test
    void shouldSayNothingOfADeviceThatIsNotOurs() throws IOException {
        try (PlayedDaemon daemon = new PlayedDaemon(directory(), "/dev/nbd5")) {
            daemon.rzscontrol("/dev/nbd5", "--init");

            assertThat(daemon.rzscontrol("doctor", tree().option()).out())
                    .contains("note     priority      no ramzswap device is swap\n");
        }
    }

    @Test
    void shouldSurviveAHostThatShowsNothing() {
        Run run = Run.of(
                new RzscontrolCommand(), "doctor", "--root=" + directory().resolve("nowhere"), "--control=" + socket());

        assertThat(run.status()).isEqualTo(13);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void shouldRefuseWrongUse() {
        assertThat(doctor("--heal"))
                .isEqualTo(Run.failed(2, "rzscontrol: Unknown option: '--heal'; see rzscontrol doctor --help"));
    }
}
