package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.Fifo;
import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.attach.listen.ListenAddress;
import io.ramzswap.attach.listen.ListenOptions;
import io.ramzswap.attach.listen.TlsSettings;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.daemon.Daemon;
import io.ramzswap.daemon.DaemonOptions;
import io.ramzswap.daemon.FakeStores;
import io.ramzswap.daemon.SettingsPolicy;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.nbd.transport.CpuLatency;
import io.ramzswap.notify.NotifyMode;
import io.ramzswap.process.AvailableMemory;
import io.ramzswap.process.CpuLatencySetting;
import io.ramzswap.process.HibernationMode;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.setting.catalogue.DaemonCatalogue;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import io.ramzswap.swap.FakeSwapAreas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options and start-up of ramzswapd, in this process. */
class RamzswapdTest {
    private static final long RAM_BYTES = 1L << 30;

    private final FakeStores stores = new FakeStores();
    private DaemonOptions seen;
    private int seenConnections;
    private boolean servedAlready;

    @TempDir
    private Path directory;

    @Test
    void shouldWaitForRzscontrolByDefault() {
        assertThat(refusedAtPreparation()).isEqualTo(Run.failed(9, "ramzswapd: stopped by the test"));

        assertThat(seen)
                .isEqualTo(new DaemonOptions(
                        Optional.empty(),
                        Optional.of(Path.of("/run/ramzswap/control.sock")),
                        SettingValues.NONE,
                        SettingValues.NONE,
                        Optional.empty()));
        assertThat(seen.notifyMode()).isEqualTo(NotifyMode.AUTO);
        assertThat(seen.cpuLatency()).isEqualTo(CpuLatencySetting.AUTO);
        assertThat(seen.hibernation()).isEqualTo(HibernationMode.REFUSE);
        assertThat(seenConnections).isBetween(1, 16);
    }

    @Test
    void shouldTakeSizesInManyUnits() {
        refusedAtPreparation(
                "--listen=unix:/tmp/a b",
                "--disksize",
                "50%",
                "--memlimit=8M",
                "--allocator=xvmalloc",
                "--compressor=zstd",
                "--control",
                "c",
                "--connections=16",
                "--notify=trim",
                "--cpu-latency=20",
                "--hibernation=swapoff");

        assertThat(seen)
                .isEqualTo(new DaemonOptions(
                        Optional.of(ListenOptions.at(new ListenAddress.Unix(Path.of("/tmp/a b")))),
                        Optional.of(Path.of("c")),
                        SettingValues.of(DeviceCatalogue.DISK_SIZE, RAM_BYTES / 2)
                                .with(DeviceCatalogue.MEM_LIMIT, 8L << 20)
                                .with(DeviceCatalogue.ALLOCATOR, AllocatorKind.XVMALLOC)
                                .with(DeviceCatalogue.COMPRESSOR, CompressorKind.ZSTD),
                        SettingValues.of(DaemonCatalogue.NOTIFY, NotifyMode.TRIM)
                                .with(DaemonCatalogue.CPU_LATENCY, CpuLatencySetting.parse("20"))
                                .with(DaemonCatalogue.HIBERNATION, HibernationMode.SWAPOFF),
                        Optional.empty()));
        assertThat(seenConnections).isEqualTo(16);
    }

    @Test
    void shouldHaveNoControlSocketWhenItListensAndIsToldOfNone() {
        refusedAtPreparation("--listen", "unix:s");

        assertThat(seen.control()).isEmpty();
    }

    @Test
    void shouldTakeSeveralAddressesAndAllThatBelongsToThem() {
        refusedAtPreparation(
                "--listen=unix:s",
                "--listen=tcp:10809",
                "--listen=tcp:[::1]:7",
                "--listen=systemd:",
                "--socket-mode=0660",
                "--socket-owner=:root",
                "--tls=require",
                "--tls-certificates=d",
                "--tls-verify-peer",
                "--devices=3",
                "--read-only");

        ListenOptions listen = seen.listen().orElseThrow();
        assertThat(listen.addresses())
                .containsExactly(
                        new ListenAddress.Unix(Path.of("s")),
                        new ListenAddress.Tcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 10809)),
                        ListenAddress.parse("tcp:[0:0::1]:7"),
                        new ListenAddress.Inherited());
        assertThat(listen.socketMode()).isEqualTo(0660);
        assertThat(listen.socketOwner()).hasToString(":root");
        assertThat(listen.tls()).contains(new TlsSettings(true, Path.of("d"), true));
        assertThat(listen.devices()).isEqualTo(3);
        assertThat(listen.readOnly()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-s", "--stdio", "--listen=stdio:"})
    void shouldServeTheClientThatStartedIt(String argument) {
        refusedAtPreparation(argument);

        assertThat(seen.listen()).contains(ListenOptions.at(new ListenAddress.StandardStreams()));
        assertThat(seen.control()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--disksize 1M| --disksize, --memlimit, --allocator and --compressor go with --listen; for a kernel device give them to rzscontrol or put them into the configuration",
                "--memlimit 1M| --disksize, --memlimit, --allocator and --compressor go with --listen; for a kernel device give them to rzscontrol or put them into the configuration",
                "--compressor zstd| --disksize, --memlimit, --allocator and --compressor go with --listen; for a kernel device give them to rzscontrol or put them into the configuration",
                "--listen tcp:x| Invalid value for option '--listen' (ADDRESS): 'tcp:x' is no address: write it as unix:PATH, tcp:[HOST:]PORT, systemd: or stdio:",
                "--listen tcp:99999| Invalid value for option '--listen' (ADDRESS): 'tcp:99999' has a port that is too large: the last one is 65535",
                "--listen unix:| Invalid value for option '--listen' (ADDRESS): 'unix:' is no address: write it as unix:PATH, tcp:[HOST:]PORT, systemd: or stdio:",
                "--listen /tmp/s| Invalid value for option '--listen' (ADDRESS): '/tmp/s' is no address: write it as unix:PATH, tcp:[HOST:]PORT, systemd: or stdio:",
                "--stdio --listen unix:s| standard input and output are one client's: stdio: goes with no other address",
                "--read-only| the options for sockets, TLS, --read-only and --devices go with --listen",
                "--tls on| the options for sockets, TLS, --read-only and --devices go with --listen",
                "--listen systemd: --listen systemd:| --listen names an address twice",
                "--listen tcp:1 --socket-mode 0660| --socket-mode and --socket-owner go with --listen unix:PATH",
                "--listen unix:s --socket-mode 0888| Invalid value for option '--socket-mode': '0888' is no mode: write it in octal, as 0600 or 0660",
                "--listen unix:s --socket-mode 01777| Invalid value for option '--socket-mode': '01777' is no mode: write it in octal, as 0600 or 0660",
                "--listen unix:s --socket-owner no-such-user| Invalid value for option '--socket-owner': there is no user 'no-such-user'",
                "--listen unix:s --socket-owner :no-such-group| Invalid value for option '--socket-owner': there is no group 'no-such-group'",
                "--listen unix:s --socket-owner :| Invalid value for option '--socket-owner': ':' names neither a user nor a group",
                "--listen unix:s --tls maybe| Invalid value for option '--tls': 'maybe' is none of off, on and require",
                "--listen unix:s --tls on| --tls=on needs --tls-certificates",
                "--listen unix:s --tls=off --tls-certificates d| --tls-certificates and --tls-verify-peer go with --tls=on or --tls=require",
                "--listen unix:s --tls-verify-peer| --tls-certificates and --tls-verify-peer go with --tls=on or --tls=require",
                "--listen unix:s --devices 0| --devices takes 1 to 16, not 0",
                "--listen unix:s --devices 17| --devices takes 1 to 16, not 17",
                "--connections 0| --connections takes 1 to 16, not 0",
                "--connections 17| --connections takes 1 to 16, not 17",
                "--connections two| Invalid value for option '--connections': 'two' is not an int",
                "--listen unix:s --disksize lots| Invalid value for option '--disksize': 'lots' is no size: write it as 4096, 512K, 256M, 1.5G, 2T or 50%",
                "--listen unix:s --connections 2| --connections and --notify are for devices of the kernel, and --listen without --control serves none",
                "--listen unix:s --notify off| --connections and --notify are for devices of the kernel, and --listen without --control serves none",
                "--check --connections 2| --connections, --notify and --cpu-latency are for a daemon that starts, and not for --check, --reload and --swapoff",
                "--reload --cpu-latency off| --connections, --notify and --cpu-latency are for a daemon that starts, and not for --check, --reload and --swapoff",
                "--check --control c| --check asks no daemon: leave out --control",
                "--listen unix:s --config| --listen goes without --config, --check, --reload and --swapoff",
                "--check --reload| --check, --reload and --swapoff are three things: give one of them",
                "--config --swapoff| --reload and --swapoff go to the running daemon, which has its --config",
                "--config=| --config takes the name of a file, or none; not an empty one",
                "--check --config=| --config takes the name of a file, or none; not an empty one",
                "--control=| Invalid value for option '--control': '' is no name of a file",
                "--daemon| Unknown option: '--daemon'",
                "/dev/nbd0| Unmatched argument at index 0: '/dev/nbd0'"
            })
    void shouldRefuseWrongUse(String arguments, String complaint) {
        assertThat(refusedAtPreparation(arguments.split(" ", -1)))
                .isEqualTo(Run.failed(2, "ramzswapd: " + complaint + "; see ramzswapd --help"));
        assertThat(seen).isNull();
    }

    @Test
    void shouldServeWhatAConfigurationNames() throws Exception {
        Path file = Files.writeString(directory.resolve("own.conf"), "[rz2]\ndisksize = ram / 4\n");

        assertThat(refusedAtPreparation("--config=" + file)).isEqualTo(Run.failed(9, "ramzswapd: stopped by the test"));

        assertThat(seen.control()).contains(Path.of("/run/ramzswap/control.sock"));
        assertThat(seen.configuration().orElseThrow().load().devices())
                .singleElement()
                .satisfies(device -> assertThat(device.diskSizeBytes()).hasValue(RAM_BYTES / 4));
    }

    @Test
    void shouldStartNothingWithAMistakeInTheConfiguration() throws Exception {
        Path file = Files.writeString(directory.resolve("own.conf"), "[rz0]\nprioritt = 1\n");

        for (String[] arguments : new String[][] {{"--config", file.toString()}, {"--check", "--config=" + file}}) {
            assertThat(refusedAtPreparation(arguments))
                    .isEqualTo(Run.failed(
                            2, "ramzswapd: " + file + ":2: 'prioritt' is no key of [rz0]; did you mean priority?"));
        }
        assertThat(seen).isNull();
    }

    @Test
    void shouldPrintWhatAConfigurationComesTo() throws Exception {
        Path file = Files.writeString(
                directory.resolve("own.conf"), "[rz0]\n[rz3]\nmemlimit = disksize / 2\nconnections = 2\n");

        assertThat(refusedAtPreparation("--check", "--config=" + file))
                .isEqualTo(new Run(
                        0,
                        "[rz0] device = /dev/nbd0, disksize = 524288K, memlimit = none, allocator = segment,"
                                + " compressor = lz4, priority = 100, discard = pages, connections = one a processor\n"
                                + "[rz3] device = /dev/nbd3, disksize = 524288K, memlimit = 262144K, allocator = segment,"
                                + " compressor = lz4, priority = 100, discard = pages, connections = 2\n",
                        ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "memlimit = 4K~disksize = 1G| 2| ramzswapd: FILE:2: memlimit: a memlimit of 4 kB is too small for a disksize of"
                        + " 1048576 kB, which takes 3616 kB before the first page: raise memlimit or lower disksize",
                "disksize = 512G| 9| ramzswapd: tables and reserve take 1589280 kB before the first page, and 1048576 kB are"
                        + " available (the test), of which one part in 8 is left to others: lower disksize",
                "disksize = 160G~[rz1]~disksize = 160G| 9| ramzswapd: tables and reserve take 1015872 kB before the first"
                        + " page, and 1048576 kB are available (the test), of which one part in 8 is left to others: lower"
                        + " disksize"
            })
    void shouldRefuseAtACheckWhatTheStartRefuses(String settings, int status, String complaint) throws Exception {
        Path file = Files.writeString(directory.resolve("own.conf"), "[rz0]\n" + settings.replace('~', '\n') + "\n");

        Run refused = Run.failed(status, complaint.replace("FILE", file.toString()));
        assertThat(refusedAtPreparation("--check", "--config=" + file)).isEqualTo(refused);
        assertThat(started("--config=" + file, "--control=" + directory.resolve("c")))
                .isEqualTo(refused);
    }

    @Test
    void shouldRefuseDevicesThatAreTooLargeTogether() {
        assertThat(started("--listen=unix:" + directory.resolve("s"), "--disksize=1T", "--devices=16"))
                .isEqualTo(Run.failed(
                        9,
                        "ramzswapd: tables and reserve take 50594304 kB before the first page, and 1048576 kB are available"
                                + " (the test), of which one part in 8 is left to others: lower disksize"));
        assertThat(stores.made()).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"512, 512 bytes", "0, 0 kB", "65M, 66560 kB"})
    void shouldRefuseAMemLimitThatIsTypedWrong(String memLimit, String shown) {
        assertThat(started("--listen=unix:" + directory.resolve("s"), "--disksize=64M", "--memlimit=" + memLimit))
                .isEqualTo(Run.failed(
                        2,
                        "ramzswapd: rz0 was not initialised: a memlimit of " + shown
                                + " is not possible: it goes from 4 kB to the disksize, 65536 kB"));
        assertThat(stores.made()).isEmpty();
    }

    @Test
    void shouldLeaveADaemonAloneThatServesAlready() throws Exception {
        servedAlready = true;

        assertThat(refusedAtPreparation("--config=" + Files.createFile(directory.resolve("own.conf"))))
                .isEqualTo(new Run(0, "", ""));
        assertThat(seen).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--reload", "--swapoff"})
    void shouldSayThatNoDaemonAnswers(String task) {
        Path control = directory.resolve("c");

        assertThat(refusedAtPreparation(task, "--control=" + control))
                .isEqualTo(Run.failed(
                        3,
                        "ramzswapd: no daemon at " + control + ": start ramzswapd, or name its socket with --control"));
    }

    @Test
    void shouldRefuseADiskSizeThatNoDeviceCanHave() {
        assertThat(started("--listen=unix:" + directory.resolve("s"), "--disksize=0"))
                .isEqualTo(Run.failed(
                        2, "ramzswapd: a disksize of 0 kB is not possible: it goes from 40 kB to 1073741824 kB"));
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--listen tcp:0.0.0.0:0| tcp:0.0.0.0:0 can be reached from other machines: use --tls=require there, or a loopback address, or a Unix socket",
                "--listen tcp:no.such.host.invalid:1| cannot listen on no.such.host.invalid: there is no such host",
                "--listen systemd:| --listen systemd: needs a socket that was bound before (LISTEN_FDS and LISTEN_PID of this process), and there is none",
                "--listen tcp:0 --tls on --tls-certificates /nowhere| TLS needs the file /nowhere/server-cert.pem, which is not there or not readable",
                "--listen tcp:0 --tls on --tls-certificates /nowhere --tls-verify-peer| TLS needs the file /nowhere/server-cert.pem, which is not there or not readable"
            })
    void shouldRefuseAddressesAndCertificatesThatCannotBeUsed(String arguments, String complaint) {
        assertThat(started(arguments.split(" ", -1))).isEqualTo(Run.failed(2, "ramzswapd: " + complaint));
    }

    @Test
    void shouldSayWhatIsWrongWithACertificate() throws Exception {
        Path certificate = Files.writeString(directory.resolve("server-cert.pem"), "nothing");
        Files.writeString(directory.resolve("server-key.pem"), "nothing");
        String[] arguments = {"--listen=tcp:0", "--tls=on", "--tls-certificates=" + directory};

        Run run = started(arguments);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("ramzswapd: TLS cannot be had: " + certificate + " holds a certificate that is damaged")
                .hasLineCount(1);
        assertThat(started(arguments[0], arguments[1], arguments[2], "--tls-verify-peer"))
                .isEqualTo(Run.failed(
                        2,
                        "ramzswapd: TLS needs the file " + directory.resolve("ca-cert.pem")
                                + ", which is not there or not readable"));
    }

    @Test
    void shouldGiveUpAllAddressesWhenOneCannotBeHad() {
        Path socket = directory.resolve("s");

        assertThat(started("--listen=unix:" + socket, "--listen=tcp:0.0.0.0:0").status())
                .isEqualTo(2);
        assertThat(socket).doesNotExist();
    }

    @Test
    void shouldSayThatThereIsNoMemory() {
        stores.failing(true);

        assertThat(started("--listen=unix:" + directory.resolve("s")))
                .isEqualTo(Run.failed(
                        9, "ramzswapd: rz0 was not initialised: 8 kB of memory for the page table cannot be had"));
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "absent/s| 2| cannot open directory",
                "file/s| 2| Not a directory",
                "loop/s| 2| cannot open directory",
                "file| 2| there is a file of that name",
                "/sys/s| 4| cannot listen on /sys/s: "
            })
    void shouldSayThatItCannotListen(String name, int status, String complaint) throws Exception {
        Files.createFile(directory.resolve("file"));
        Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));

        assertRefused(started("--listen=unix:" + directory.resolve(name)), status, complaint);
    }

    @Test
    void shouldSayThatTheNameOfASocketIsTooLong() {
        Path longest = directory.resolve("x".repeat(108 - directory.toString().length() - 1));

        assertRefused(started("--listen=unix:" + longest), 2, "is 108 bytes long; the kernel takes up to 107");
        assertRefused(started("--control=" + longest), 2, "has a name of 108 bytes, and 103 is the most");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldSayThatTheControlSocketCannotBeMadeThere() throws Exception {
        Path fifo = Fifo.make(directory.resolve("fifo"));
        Fifo.make(directory.resolve("s.lock"));
        Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));

        assertRefused(started("--control=" + fifo), 2, "a file that is no socket has that name");
        assertRefused(started("--control=" + directory.resolve("s")), 2, "s.lock is no regular file");
        assertRefused(started("--control=" + directory.resolve("loop/s")), 2, "Too many levels of symbolic links");
        assertRefused(started("--control=/dev/null/s"), 2, "/dev/null/s.lock: Not a directory");
        assertRefused(started("--control=/sys/s"), 4, "the control socket /sys/s cannot be made: ");
        assertThat(Files.getAttribute(fifo, "unix:mode"))
                .as("it is still there")
                .isNotNull();
        try (var left = Files.list(directory)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("fifo", "s.lock", "loop");
        }
    }

    @Test
    void shouldLeaveNoDirectoryAndNoLockBehindWhenItCannotStart() {
        Path control = directory.resolve("a/b/c");

        assertThat(started("--listen=unix:" + directory.resolve("s"), "--disksize=0", "--control=" + control)
                        .status())
                .isEqualTo(2);
        assertThat(started("--config=" + configuration("[rz0]\n"), "--control=" + control)
                        .status())
                .isEqualTo(5);

        assertThat(directory.resolve("a")).doesNotExist();
    }

    private Path configuration(String text) {
        try {
            return Files.writeString(directory.resolve("ramzswap.conf"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldNotWaitForWhatSomebodyMightWriteIntoAFifo() throws Exception {
        Path fifo = Fifo.make(directory.resolve("server-cert.pem"));
        Files.writeString(directory.resolve("server-key.pem"), "nothing");

        assertThat(refusedAtPreparation("--check", "--config=" + fifo))
                .isEqualTo(
                        Run.failed(2, "ramzswapd: " + fifo + ": is a FIFO, a socket or a device; a file is expected"));
        assertThat(refusedAtPreparation("--check", "--config=/dev/zero"))
                .isEqualTo(Run.failed(2, "ramzswapd: /dev/zero: is a FIFO, a socket or a device; a file is expected"));
        String[] arguments = {"--listen=tcp:0", "--tls=on", "--tls-certificates=" + directory};
        assertThat(started(arguments))
                .isEqualTo(Run.failed(2, "ramzswapd: TLS cannot be had: " + fifo + " is no regular file"));

        Files.delete(fifo);
        Files.writeString(fifo, "nothing");
        Files.delete(directory.resolve("server-key.pem"));
        Path key = Fifo.make(directory.resolve("server-key.pem"));
        assertThat(started(arguments))
                .isEqualTo(Run.failed(2, "ramzswapd: TLS cannot be had: " + key + " is no regular file"));
    }

    private static void assertRefused(Run run, int status, String complaint) {
        assertThat(run.status()).as(run.err()).isEqualTo(status);
        assertThat(run.err()).startsWith("ramzswapd: ").contains(complaint).hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void shouldLeaveNothingBehindWhenTheControlSocketCannotBeHad() throws Exception {
        Path control = Files.writeString(directory.resolve("c"), "no socket");

        Run run = started("--listen=unix:" + directory.resolve("s"), "--disksize=1M", "--control=" + control);

        assertThat(run)
                .isEqualTo(Run.failed(
                        2,
                        "ramzswapd: the control socket " + control
                                + " cannot be made: a file that is no socket has that name; remove it or name another one"
                                + " with --control"));
        assertThat(stores.made()).containsExactly(new DeviceSettings(1 << 20, 1 << 20, false));
        assertThat(stores.open()).isZero();
        assertThat(directory.resolve("s")).doesNotExist();
    }

    @Test
    void shouldShowHelpAndVersion() {
        assertThat(refusedAtPreparation("--help").out())
                .startsWith("Usage: ramzswapd ")
                .contains("--listen=ADDRESS", "--disksize=SIZE", "--memlimit=SIZE", "--control=PATH", "Exit status:");
        assertThat(refusedAtPreparation("--version").out()).startsWith("ramzswap ");
        assertThat(seen).isNull();
    }

    /** A daemon asks nothing of a device that is not initialised. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOT_INITIALISED")
    void shouldListEveryExitStatus(Refusal code) {
        assertThat(refusedAtPreparation("--help").out()).containsPattern("\n +" + code.exitStatus() + " +[a-z]");
    }

    /** Runs it up to where it would change the process. */
    private Run refusedAtPreparation(String... arguments) {
        return Run.of(new RamzswapdCommand(new Host()), arguments);
    }

    /** Runs it with a daemon that holds no pages, and that fails to start: it would not return otherwise. */
    private Run started(String... arguments) {
        return Run.of(new RamzswapdCommand(new StartingHost()), arguments);
    }

    private class Host implements DaemonHost {
        @Override
        public long ramBytes() {
            return RAM_BYTES;
        }

        @Override
        public AvailableMemory availableMemory() {
            return new AvailableMemory(RAM_BYTES, "the test");
        }

        @Override
        public boolean isServed(Path control) {
            return servedAlready;
        }

        @Override
        public Daemon prepare(DaemonOptions options, int connections) throws OperationException {
            seen = options;
            seenConnections = connections;
            throw new OperationException(Refusal.NO_MEMORY, "stopped by the test");
        }
    }

    private final class StartingHost extends Host {
        @Override
        public Daemon prepare(DaemonOptions options, int connections) {
            return new Daemon(
                    options,
                    name -> {
                        throw new OperationException(Refusal.NO_DEVICE, name);
                    },
                    stores,
                    new SettingsPolicy(RAM_BYTES, this::availableMemory),
                    Thread::new,
                    CpuLatency.ANY,
                    Optional.empty(),
                    Thread::new,
                    Optional.empty(),
                    new FakeSwapAreas());
        }
    }
}
