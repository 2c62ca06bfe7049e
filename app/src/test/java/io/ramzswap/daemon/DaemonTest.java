package io.ramzswap.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.attach.FakePoint;
import io.ramzswap.attach.listen.ListenAddress;
import io.ramzswap.attach.listen.ListenOptions;
import io.ramzswap.attach.listen.TlsSettings;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.config.Configuration;
import io.ramzswap.config.DeviceConfig;
import io.ramzswap.config.TestDevices;
import io.ramzswap.control.ControlClient;
import io.ramzswap.control.ControlReply;
import io.ramzswap.control.ControlRequest;
import io.ramzswap.control.Operation;
import io.ramzswap.nbd.server.SocketOwner;
import io.ramzswap.nbd.transport.CpuLatency;
import io.ramzswap.notify.NotifyMode;
import io.ramzswap.process.CpuLatencySetting;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.setting.catalogue.DaemonCatalogue;
import io.ramzswap.setting.catalogue.Discard;
import io.ramzswap.shortage.ShortageWatch;
import io.ramzswap.swap.FakeSwapAreas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DaemonTest {
    private static final DeviceConfig A = device("rz0", "/dev/nbd0");
    private static final DeviceConfig B = device("rz1", "/dev/nbd1");

    @TempDir
    private Path directory;

    private final FakePoint a = new FakePoint(A.device());
    private final FakePoint b = new FakePoint(B.device());
    private final FakeStores stores = new FakeStores();
    private final FakeSwapAreas areas = new FakeSwapAreas();
    private final List<Thread> made = new CopyOnWriteArrayList<>();
    private volatile List<DeviceConfig> configured = List.of(A, B);
    private volatile Configuration.Source source = this::current;

    @Test
    void shouldLeaveNothingBehindWhenOneDeviceDoesNotBecomeSwap() {
        areas.refusing(B.device());

        assertThatThrownBy(daemon()::start)
                .isInstanceOf(OperationException.class)
                .hasMessage("swapon /dev/nbd1 failed: the test says so");

        assertThat(a.isAttached()).isFalse();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldServeOnWhenADeviceIsInUseAlreadyAndAnotherDoesNotBecomeSwap() throws OperationException {
        areas.refusing(B.device());
        a.used(true);
        Daemon daemon = daemon();

        daemon.start();

        assertThat(a.isAttached()).isTrue();
        assertThat(control()).exists();
        assertThat(daemon.requestStop("a test")).isFalse();

        a.used(false);
        assertThat(daemon.requestStop("a test")).isTrue();
        assertThat(a.isAttached()).isFalse();
        assertThat(control()).doesNotExist();
    }

    /** The kernel takes a device for left behind whose attacher has ended, and a signal's thread ends at once. */
    @Test
    void shouldAttachWhatIsNewAtAReloadByTheThreadThatWaitsForTheStop() throws Exception {
        configured = List.of(A);
        Daemon daemon = daemon();
        daemon.start();
        configured = List.of(A, B);
        Thread waiting = waiting(daemon);

        daemon.requestReload("a test");

        assertThat(b.awaitAttacher()).isSameAs(waiting);
        stop(daemon, waiting);
    }

    /** An error, too, as where the heap is too small for the configuration: the thread has attached what is swap. */
    @Test
    void shouldLiveThroughAReloadThatEndsInAnError() throws Exception {
        configured = List.of(A);
        Daemon daemon = daemon();
        daemon.start();
        Thread waiting = waiting(daemon);
        source = () -> {
            source = this::current;
            throw new OutOfMemoryError("the test says so");
        };
        daemon.requestReload("a test");
        configured = List.of(A, B);

        daemon.requestReload("a test");

        assertThat(b.awaitAttacher()).isSameAs(waiting);
        stop(daemon, waiting);
    }

    @Test
    void shouldLeaveNothingBehindWhenOneDeviceMeetsWithAnError() {
        Error error = new OutOfMemoryError("the test says so");
        b.meeting(error);

        assertThatThrownBy(daemon()::start).isSameAs(error);

        assertThat(a.isAttached()).isFalse();
        assertThat(control()).doesNotExist();
    }

    @Test
    void shouldReadItsCertificateAgainWhenItIsTold() throws Exception {
        PlayedCertificate.ONE.writeTo(directory);
        Daemon daemon = listening(Optional.of(new TlsSettings(true, directory, false)));
        daemon.start();
        PlayedCertificate.TWO.writeTo(directory);

        assertThat(reload().warnings())
                .singleElement()
                .asString()
                .startsWith("new TLS clients are shown the certificate of CN=two, good until 2126-");

        assertThat(daemon.requestStop("a test")).isTrue();
    }

    @Test
    void shouldSayThatItsNewCertificateIsOfNoUse() throws Exception {
        PlayedCertificate.ONE.writeTo(directory);
        Daemon daemon = listening(Optional.of(new TlsSettings(true, directory, false)));
        daemon.start();
        Files.writeString(directory.resolve("server-cert.pem"), "");

        assertThat(reload().failure())
                .contains(new ControlReply.Failure(
                        Refusal.INVALID_VALUE,
                        "TLS goes on with the certificate it has; the new files cannot be used: "
                                + directory.resolve("server-cert.pem") + " holds no certificate"));

        assertThat(daemon.requestStop("a test")).isTrue();
    }

    @Test
    void shouldSayThatThereIsNothingToReadAgain() throws Exception {
        Daemon daemon = listening(Optional.empty());
        daemon.start();

        assertThat(reload().failure())
                .contains(new ControlReply.Failure(
                        Refusal.UNSUPPORTED,
                        "there is nothing to reload: ramzswapd was started without --config and --tls"));

        assertThat(daemon.requestStop("a test")).isTrue();
    }

    private ControlReply reload() throws IOException {
        try (ControlClient client = ControlClient.connect(control())) {
            return client.call(ControlRequest.of(Operation.RELOAD));
        }
    }

    private Daemon listening(Optional<TlsSettings> tls) {
        return daemon(
                Optional.of(new ListenOptions(
                        List.of(new ListenAddress.Unix(directory.resolve("nbd"))),
                        0600,
                        SocketOwner.WHOEVER_LISTENS,
                        tls,
                        1,
                        false)),
                Optional.empty());
    }

    @Test
    void shouldWatchItsDevicesUntilItStops() throws Exception {
        Daemon daemon = daemon();
        daemon.start();

        Thread watch = made.stream()
                .filter(thread -> thread.getName().equals("device-watch"))
                .findFirst()
                .orElseThrow();
        assertThat(watch.isAlive()).isTrue();

        daemon.requestStop("a test");
        watch.join();
    }

    /** With files in procfs' place. */
    @Test
    void shouldHaveTheKernelEndAProgramWhenItsWritesAreRefusedTimeAndAgain() throws Exception {
        Files.writeString(directory.resolve("meminfo"), "MemTotal: 1000 kB\nMemAvailable: 10 kB\n");
        Files.writeString(directory.resolve("swaps"), A.device() + " partition 65532 4 100\n");
        Path trigger = Files.createFile(directory.resolve("sysrq-trigger"));
        a.kernels(true);
        configured = List.of(A);
        Daemon daemon =
                daemon(Optional.empty(), Optional.of(() -> source.load()), ShortageWatch.open(directory, Thread::new));
        daemon.start();

        for (int refused = 1; Files.size(trigger) == 0; refused++) {
            stores.refuseWrites(refused);
            Thread.sleep(10);
        }

        assertThat(Files.readString(trigger)).isEqualTo("f");
        assertThat(daemon.requestStop("a test")).isTrue();
    }

    private static Thread waiting(Daemon daemon) {
        Thread waiting = new Thread(() -> {
            try {
                daemon.awaitStop();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        waiting.start();
        return waiting;
    }

    private static void stop(Daemon daemon, Thread waiting) throws InterruptedException {
        while (!daemon.requestStop("a test")) {
            // A device is being attached.
            Thread.sleep(1);
        }
        waiting.join();
    }

    private Configuration current() {
        return new Configuration(configured, SettingValues.NONE);
    }

    private Daemon daemon() {
        return daemon(Optional.empty(), Optional.of(() -> source.load()));
    }

    private Daemon daemon(Optional<ListenOptions> listen, Optional<Configuration.Source> configuration) {
        return daemon(listen, configuration, Optional.empty());
    }

    private Daemon daemon(
            Optional<ListenOptions> listen,
            Optional<Configuration.Source> configuration,
            Optional<ShortageWatch> shortageWatch) {
        DaemonOptions options = new DaemonOptions(
                listen,
                Optional.of(control()),
                SettingValues.NONE,
                SettingValues.of(DaemonCatalogue.NOTIFY, NotifyMode.TRIM)
                        .with(DaemonCatalogue.CPU_LATENCY, CpuLatencySetting.OFF),
                configuration);
        return new Daemon(
                options,
                Map.of(A.device(), a, B.device(), b)::get,
                stores,
                new SettingsPolicy(1L << 30),
                this::thread,
                CpuLatency.ANY,
                Optional.empty(),
                Thread::new,
                shortageWatch,
                areas);
    }

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task);
        made.add(thread);
        return thread;
    }

    private Path control() {
        return directory.resolve("control");
    }

    private static DeviceConfig device(String name, String path) {
        return TestDevices.device(
                name,
                path,
                64 << 20,
                OptionalLong.empty(),
                AllocatorKind.DEFAULT,
                CompressorKind.DEFAULT,
                100,
                Discard.PAGES,
                OptionalInt.empty());
    }
}
