package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ramzswap.backing.SwapFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DoctorCommandTest {
    private static final String NO_LIMITS =
            "Max locked memory         unlimited            unlimited            bytes\n";
    private static final String SWAPS = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";

    @TempDir
    private Path directory;

    private Tree tree;

    /** What a test changes of a host that is as it should be. */
    @FunctionalInterface
    interface Change {
        void on(Tree tree) throws IOException;
    }

    @BeforeEach
    void makeAHealthyHost() throws IOException {
        tree = new Tree(directory.resolve("root"))
                .file("/proc/sys/kernel/osrelease", "6.12.48+deb13-amd64\n")
                .file("/proc/sys/vm/swappiness", "60\n")
                .file("/proc/sys/vm/page-cluster", "3\n")
                .file("/proc/cmdline", "BOOT_IMAGE=/vmlinuz root=/dev/vda1 quiet\n")
                .file("/proc/meminfo", "MemTotal:        4194304 kB\nMemAvailable:    2097152 kB\n")
                .file(
                        "/proc/swaps",
                        SWAPS + "/dev/nbd0  partition\t1048572\t\t1024\t\t100\n/dev/vda2 partition 1024 0 -2\n")
                .file("/proc/self/limits", NO_LIMITS)
                .file("/proc/self/status", "Name:\tjava\nCapEff:\t000001ffffffffff\n")
                .file("/sys/module/nbd/parameters/max_part", "0\n")
                .file("/sys/module/zswap/parameters/enabled", "N\n")
                .file("/sys/power/resume", "0:0\n")
                .file("/sys/fs/cgroup/system.slice/memory.max", "max\n")
                .file("/sys/block/nbd0/pid", "17\n")
                .directory("/sys/block/nbd1")
                .directory("/sys/block/nbd10");
    }

    @Test
    void shouldFindNothingWrongWithAHealthyHost() {
        Run run = doctor();

        assertThat(run).isEqualTo(new Run(0, """
                                note     daemon        no daemon at %s: start ramzswapd, or name its socket with --control
                                ok       kernel        Linux 6.12.48+deb13-amd64
                                ok       nbd           the driver is loaded; 2 of 3 devices are free, first /dev/nbd1
                                ok       privileges    a daemon started from here may lock its memory, set PR_SET_IO_FLUSHER and attach
                                ok       zswap         not enabled
                                ok       zram          no swap on it
                                ok       priority      ramzswap is filled before all other swap
                                ok       swappiness    vm.swappiness is 60
                                ok       page-cluster  vm.page-cluster is 3: a fault reads up to 8 pages
                                ok       memory        4096 MiB of RAM
                                ok       cgroup        no limit in the way
                                ok       hibernation   no target is set
                                """.formatted(socket()), ""));
    }

    static Stream<Arguments> ailmentsOfTheKernel() {
        return Stream.of(
                ailment(
                        "a kernel without PR_SET_IO_FLUSHER",
                        13,
                        "error kernel Linux 5.4.0-42 has no PR_SET_IO_FLUSHER, without which swap served by a process can"
                                + " freeze the machine; it came with 5.6",
                        "apt install linux-image-amd64",
                        tree -> tree.file("/proc/sys/kernel/osrelease", "5.4.0-42\n")),
                ailment(
                        "a kernel nobody has tried",
                        0,
                        "note kernel Linux 5.10.0 is older than any kernel that ramzswap is tested on, 6.1 to 7.3",
                        "",
                        tree -> tree.file("/proc/sys/kernel/osrelease", "5.10.0\n")),
                ailment(
                        "a kernel that came later",
                        0,
                        "note kernel Linux 7.10.2+deb14-amd64 is newer than any kernel that ramzswap is tested on, 6.1 to 7.3",
                        "",
                        tree -> tree.file("/proc/sys/kernel/osrelease", "7.10.2+deb14-amd64\n")),
                ailment(
                        "a kernel that is locked down",
                        0,
                        "note notifier the kernel is locked down for confidentiality and lets nobody trace it: freed pages are"
                                + " learnt of by TRIM alone, and some stay longer than they are of use",
                        "",
                        tree -> tree.file("/sys/kernel/security/lockdown", "none integrity [confidentiality]\n")),
                ailment(
                        "a kernel without kprobe events",
                        0,
                        "note notifier the kernel has no kprobe events: freed pages are learnt of by TRIM alone, and some stay"
                                + " longer than they are of use",
                        "",
                        tree -> tree.file("/sys/kernel/tracing/trace", "")),
                ailment(
                        "a kernel that does not describe its types",
                        0,
                        "note notifier the kernel does not describe its types in /sys/kernel/btf/vmlinux: freed pages are"
                                + " learnt of by TRIM alone, and some stay longer than they are of use",
                        "",
                        tree -> tree.directory("/sys/kernel/mm")),
                ailment(
                        "a kernel that does not tell",
                        0,
                        "note kernel the kernel does not tell its version in /proc/sys/kernel/osrelease",
                        "",
                        tree -> tree.without("/proc/sys/kernel/osrelease")));
    }

    static Stream<Arguments> ailmentsOfDriverAndSwap() {
        return Stream.of(
                ailment(
                        "a driver that looks for partitions",
                        12,
                        "warning nbd the driver looks for partitions (max_part is 16): each device that comes up is read"
                                + " through for them, and swap may look like one",
                        "echo options nbd max_part=0 > /etc/modprobe.d/nbd.conf|modprobe -r nbd && modprobe nbd max_part=0",
                        tree -> tree.file("/sys/module/nbd/parameters/max_part", "16\n")),
                ailment(
                        "no device to spare",
                        13,
                        "error nbd 3 devices, all of them attached",
                        "modprobe -r nbd && modprobe nbd max_part=0 nbds_max=16",
                        tree -> tree.file("/sys/block/nbd1/pid", "1\n").file("/sys/block/nbd10/pid", "1\n")),
                ailment(
                        "zswap in front",
                        12,
                        "warning zswap zswap is enabled: it takes the pages first and compresses them itself, and only what"
                                + " it throws out gets to ramzswap; at boot, zswap.enabled=0 keeps it off",
                        "echo N > /sys/module/zswap/parameters/enabled",
                        tree -> tree.file("/sys/module/zswap/parameters/enabled", "Y\n")),
                ailment(
                        "zswap that needs no swap area",
                        12,
                        "warning zswap zswap is enabled: it takes the pages first and compresses them itself, and only what"
                                + " it throws out gets to ramzswap (with vm.vswap_enabled it holds pages that no swap area"
                                + " has room for); at boot, zswap.enabled=0 keeps it off",
                        "echo N > /sys/module/zswap/parameters/enabled",
                        tree -> tree.file("/sys/module/zswap/parameters/enabled", "Y\n")
                                .file("/proc/sys/vm/vswap_enabled", "1\n")),
                ailment(
                        "a tier that some programs may not use",
                        0,
                        "note swap-tiers programs in user.slice are not swapped out to ramzswap: its memory.swap.tiers.max"
                                + " bars fast",
                        "echo 'fast max' > /sys/fs/cgroup/user.slice/memory.swap.tiers.max",
                        tree -> tree.file(
                                        "/sys/kernel/mm/swap/tiers",
                                        "Name             Idx   PrioStart   PrioEnd\nfast 0 50 32767\nslow 1 -1 49\n")
                                .file("/sys/fs/cgroup/user.slice/memory.swap.tiers.max", "fast 0\nslow 0\n")
                                .file("/sys/fs/cgroup/system.slice/memory.swap.tiers.max", "fast max\nslow 0\n")),
                ailment(
                        "zram beside it",
                        12,
                        "warning zram /dev/zram0, /dev/zram1 are swap as well: both hold compressed pages in RAM, and each"
                                + " was given a limit as if it were alone",
                        "swapoff /dev/zram0 /dev/zram1",
                        tree -> tree.file(
                                "/proc/swaps",
                                SWAPS
                                        + "/dev/nbd0 partition 9 0 100\n/dev/zram0 partition 9 0 100\n/dev/zram1 partition 9 0 5\n")),
                ailment(
                        "other swap filled first",
                        12,
                        "warning priority other swap is filled before or along with ramzswap (-2): /dev/vda2 (200), /swap (-2)",
                        "swapoff /dev/nbd0 && swapon --discard=pages -p 201 /dev/nbd0",
                        tree -> tree.file(
                                "/proc/swaps",
                                SWAPS
                                        + "/dev/nbd0 partition 9 0 -2\n/dev/vda2 partition 9 0 200\n/swap file 9 0 -2\n")),
                ailment(
                        "swap that is not used",
                        0,
                        "note priority no ramzswap device is swap",
                        "",
                        tree -> tree.file("/proc/swaps", SWAPS)));
    }

    static Stream<Arguments> ailmentsOfMemoryAndRights() {
        return Stream.of(
                ailment(
                        "a kernel told not to swap",
                        12,
                        "warning swappiness vm.swappiness is 0: the kernel swaps only when it is nearly out of memory",
                        "sysctl vm.swappiness=100",
                        tree -> tree.file("/proc/sys/vm/swappiness", "0\n")),
                ailment(
                        "faults that read too much",
                        12,
                        "warning page-cluster vm.page-cluster is 5: a fault reads up to 32 pages, most of which nobody asked"
                                + " for, and each has to be decompressed",
                        "sysctl vm.page-cluster=3",
                        tree -> tree.file("/proc/sys/vm/page-cluster", "5\n")),
                ailment(
                        "more swapped out than fits back",
                        0,
                        "note memory 3072 MiB are swapped out and 2048 MiB are available: swapoff would not fit, so do not"
                                + " stop the daemon before programs end",
                        "",
                        tree -> tree.file("/proc/swaps", SWAPS + "/dev/nbd0 partition 4194304 3145728 100\n")),
                ailment(
                        "services with a limit in common",
                        12,
                        "warning cgroup services share a limit, which the daemon's devices would fill: memory.high of"
                                + " system.slice is 1073741824",
                        "systemctl set-property system.slice MemoryMax=infinity MemoryHigh=infinity",
                        tree -> tree.file("/sys/fs/cgroup/system.slice/memory.high", "1073741824\n")),
                ailment(
                        "programs that may not swap",
                        0,
                        "note cgroup programs in user.slice may not be swapped out: its memory.swap.max is 0",
                        "systemctl set-property user.slice MemorySwapMax=infinity",
                        tree -> tree.file("/sys/fs/cgroup/user.slice/memory.swap.max", "0\n")),
                ailment(
                        "hibernation to a disk",
                        12,
                        "warning hibernation it is set up (UUID=17): while processes are frozen for it nobody serves"
                                + " ramzswap's devices, so swap them off before, or do without",
                        "systemctl mask hibernate.target hybrid-sleep.target suspend-then-hibernate.target",
                        tree -> tree.file("/proc/cmdline", "quiet resume=UUID=17\n")),
                ailment(
                        "hibernation to a device set later",
                        12,
                        "warning hibernation it is set up (device 254:2): while processes are frozen for it nobody serves"
                                + " ramzswap's devices, so swap them off before, or do without",
                        "systemctl mask hibernate.target hybrid-sleep.target suspend-then-hibernate.target",
                        tree -> tree.file("/sys/power/resume", "254:2\n")),
                ailment(
                        "hibernation into RAM",
                        13,
                        "error hibernation the image would go to /dev/nbd0, into the memory that is about to be switched off",
                        "systemctl mask hibernate.target hybrid-sleep.target suspend-then-hibernate.target",
                        tree -> tree.file("/proc/cmdline", "resume=/dev/nbd0\n")),
                ailment(
                        "a user without rights",
                        13,
                        "error privileges a daemon started from here could not lock its memory and would refuse to serve"
                                + " swap: RLIMIT_MEMLOCK is limited",
                        "ulimit -l unlimited",
                        tree -> tree.file("/proc/self/status", "CapEff:\t0000000000000000\n")
                                .file(
                                        "/proc/self/limits",
                                        "Max locked memory         8388608              8388608     bytes\n")),
                ailment(
                        "root in a container",
                        13,
                        "error privileges a daemon started from here could not set PR_SET_IO_FLUSHER and would refuse to"
                                + " serve swap: it lacks CAP_SYS_RESOURCE",
                        "systemctl start ramzswap   # or ramzswapd, as root and outside a container",
                        tree -> tree.file("/proc/self/status", "CapEff:\t00000000002040fb\n")));
    }

    private static Arguments ailment(String name, int status, String finding, String cures, Change change) {
        return Arguments.of(name, status, finding, cures, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"ailmentsOfTheKernel", "ailmentsOfDriverAndSwap", "ailmentsOfMemoryAndRights"})
    void shouldFindWhatIsWrongAndSayWhatCuresIt(String name, int status, String finding, String cures, Change change)
            throws IOException {
        change.on(tree);

        Run run = doctor("--json");

        assertThat(run.status()).as(run.out()).isEqualTo(status);
        List<String> found =
                JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonArray("findings").asList().stream()
                        .map(JsonElement::getAsJsonObject)
                        .map(DoctorCommandTest::line)
                        .toList();
        assertThat(found).contains(finding + " -> " + cures);
    }

    private static String line(JsonObject finding) {
        List<String> cures = finding.getAsJsonArray("cures").asList().stream()
                .map(JsonElement::getAsString)
                .toList();
        return finding.get("severity").getAsString() + " "
                + finding.get("check").getAsString() + " "
                + finding.get("message").getAsString() + " -> " + String.join("|", cures);
    }

    @Test
    void shouldTellADriverThatCanBeLoadedFromOneThatIsMissing() throws IOException {
        tree.without("/sys/module/nbd/parameters/max_part")
                .without("/sys/module/nbd/parameters")
                .without("/sys/module/nbd");

        assertThat(doctor("--quiet")).isEqualTo(new Run(13, """
                                note     daemon        no daemon at %s: start ramzswapd, or name its socket with --control
                                error    nbd           this kernel has no nbd driver, neither loaded nor in /lib/modules/6.12.48+deb13-amd64: only ramzswapd --listen works here
                                         # apt install linux-image-amd64
                                """.formatted(socket()), ""));

        tree.file(
                "/lib/modules/6.12.48+deb13-amd64/modules.dep",
                "kernel/drivers/block/loop.ko.xz:\nkernel/drivers/block/nbd.ko.xz: kernel/lib/x.ko\n");
        assertThat(doctor("-q").out()).contains("note     nbd           the driver is not loaded; it can be\n");
    }

    @Test
    void shouldJudgeADaemonThatRuns() throws IOException {
        try (PlayedDaemon daemon = new PlayedDaemon(directory, "/dev/nbd0")) {
            daemon.rzscontrol("/dev/nbd0", "--init", "-d", "524288", "-m", "131072");

            Run run = daemon.rzscontrol("doctor", tree.option(), "--quiet");

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

    /** What its memory has no room for goes to the backing swap, however small the limit is. */
    @Test
    void shouldNotTakeADeviceWithABackingSwapForOneThatIsFullBeforeItsArea() throws IOException {
        Path disk = SwapFile.directory();
        Path file = SwapFile.make(disk.resolve("swap"), 1024);
        try (PlayedDaemon daemon = new PlayedDaemon(directory, "/dev/nbd0")) {
            daemon.rzscontrol("/dev/nbd0", "--init", "-b", file.toAbsolutePath().toString(), "-m", "1024");

            Run run = daemon.rzscontrol("doctor", tree.option());

            assertThat(run.out()).contains("ok       memory        4096 MiB of RAM\n");
            daemon.rzscontrol("/dev/nbd0", "--reset");
        } finally {
            Files.delete(file);
            Files.delete(disk);
        }
    }

    @Test
    void shouldSayNothingOfADeviceThatIsNotOurs() throws IOException {
        try (PlayedDaemon daemon = new PlayedDaemon(directory, "/dev/nbd5")) {
            daemon.rzscontrol("/dev/nbd5", "--init");

            assertThat(daemon.rzscontrol("doctor", tree.option()).out())
                    .contains("note     priority      no ramzswap device is swap\n");
        }
    }

    @Test
    void shouldSurviveAHostThatShowsNothing() {
        Run run = Run.of(
                new RzscontrolCommand(), "doctor", "--root=" + directory.resolve("nowhere"), "--control=" + socket());

        assertThat(run.status()).isEqualTo(13);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void shouldRefuseWrongUse() {
        assertThat(doctor("--heal"))
                .isEqualTo(Run.failed(2, "rzscontrol: Unknown option: '--heal'; see rzscontrol doctor --help"));
    }

    private Path socket() {
        return directory.resolve("control.sock");
    }

    private Run doctor(String... options) {
        String[] all = Arrays.copyOf(options, options.length + 3);
        System.arraycopy(options, 0, all, 1, options.length);
        all[0] = "doctor";
        all[all.length - 2] = tree.option();
        all[all.length - 1] = "--control=" + socket();
        return Run.of(new RzscontrolCommand(), all);
    }
}
