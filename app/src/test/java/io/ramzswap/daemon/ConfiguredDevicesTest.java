package io.ramzswap.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.attach.FakePoint;
import io.ramzswap.backing.SwapFile;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.config.ConfigException;
import io.ramzswap.config.Configuration;
import io.ramzswap.config.DeviceConfig;
import io.ramzswap.config.Origin;
import io.ramzswap.config.TestDevices;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.notify.NotifyMode;
import io.ramzswap.process.CpuLatencySetting;
import io.ramzswap.process.HibernationMode;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.setting.catalogue.DaemonCatalogue;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import io.ramzswap.setting.catalogue.Discard;
import io.ramzswap.swap.FakeSwapAreas;
import io.ramzswap.writeback.WriteBackLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ConfiguredDevicesTest {
    private static final long MIB = 1 << 20;
    private static final DeviceConfig A = TestDevices.device(
            "rz0",
            "/dev/nbd0",
            64 * MIB,
            OptionalLong.of(8 * MIB),
            AllocatorKind.ZBUD,
            CompressorKind.ZSTD,
            100,
            Discard.PAGES,
            OptionalInt.of(3));
    private static final DeviceConfig B = TestDevices.device(
            "rz1",
            "/dev/nbd1",
            32 * MIB,
            OptionalLong.empty(),
            AllocatorKind.DEFAULT,
            CompressorKind.DEFAULT,
            50,
            Discard.NONE,
            OptionalInt.empty());

    private final FakePoint a = new FakePoint(A.device());
    private final FakePoint b = new FakePoint(B.device());
    private final FakeStores stores = new FakeStores();
    private final FakeSwapAreas areas = new FakeSwapAreas();
    private final DeviceRegistry devices =
            new DeviceRegistry(Map.of(A.device(), a, B.device(), b)::get, stores, new SettingsPolicy(1024 * MIB));
    private final ConfiguredDevices configured = new ConfiguredDevices(Optional.of(() -> current()), devices, areas);
    private Configuration configuration = new Configuration(List.of(A), SettingValues.NONE);
    private boolean mistaken;

    @Test
    void shouldBringUpEveryDeviceAndMakeItSwap() throws OperationException {
        configuration = new Configuration(List.of(A, B), SettingValues.NONE);

        configured.start();

        assertThat(areas.on()).containsExactly(A.device(), B.device());
        assertThat(stores.made())
                .containsExactly(
                        new DeviceSettings(64 * MIB, 8 * MIB, true, AllocatorKind.ZBUD, CompressorKind.ZSTD),
                        new DeviceSettings(32 * MIB, 32 * MIB, false));
        assertThat(a.connections()).hasValue(3);
        assertThat(b.connections()).isEmpty();
    }

    @Test
    void shouldPutABackingSwapBehindADevice() throws OperationException {
        Path directory = SwapFile.directory();
        Path file = SwapFile.make(directory.resolve("swap"), 1024);
        WriteBackLimits limits = new WriteBackLimits(64 * MIB, 60, false);
        configuration = new Configuration(List.of(backed(file.toAbsolutePath(), limits)), SettingValues.NONE);
        try {
            configured.start();

            assertThat(stores.made()).containsExactly(new DeviceSettings(4 * MIB, 2 * MIB, true));
            assertThat(stores.writeBackLimits()).containsExactly(limits);
        } finally {
            devices.stop();
            assertThat(file.toFile().delete() && directory.toFile().delete()).isTrue();
        }
    }

    @Test
    void shouldLeaveNoneWhenOneCannotBeAttached() {
        configuration = new Configuration(List.of(A, B), SettingValues.NONE);
        b.attachable(false);

        assertThatThrownBy(configured::start).hasMessage("/dev/nbd1 cannot be attached");

        assertThat(areas.on()).isEmpty();
        assertThat(stores.open()).isZero();
        assertThat(a.isAttached()).isFalse();
    }

    @Test
    void shouldLeaveNoneWhenOneDoesNotBecomeSwap() {
        configuration = new Configuration(List.of(A, B), SettingValues.NONE);
        areas.refusing(B.device());

        assertThatThrownBy(configured::start).hasMessage("swapon /dev/nbd1 failed: the test says so");

        assertThat(areas.on()).isEmpty();
        assertThat(stores.open()).isZero();
    }

    @Test
    void shouldBringUpWhatIsNewAtReload() throws OperationException {
        configured.start();
        configuration = new Configuration(List.of(A, B), SettingValues.NONE);

        assertThat(configured.reload()).containsExactly("/dev/nbd1 [rz1] is new, and swap now");

        assertThat(areas.on()).containsExactly(A.device(), B.device());
        assertThat(configured.reload()).isEmpty();
    }

    @Test
    void shouldBringUpWhatFailedAtAnEarlierReload() throws OperationException {
        configured.start();
        configuration = new Configuration(
                List.of(A, backed(Path.of("/nonexistent"), WriteBackLimits.NONE)), SettingValues.NONE);
        assertThatThrownBy(configured::reload).hasMessageContaining("/nonexistent");
        configuration = new Configuration(List.of(A, B), SettingValues.NONE);

        assertThat(configured.reload()).containsExactly("/dev/nbd1 [rz1] is new, and swap now");

        assertThat(stores.made().get(1)).isEqualTo(new DeviceSettings(32 * MIB, 32 * MIB, false));
    }

    @Test
    void shouldLeaveNoSettingsBehindWhenADeviceCannotBeHad() throws OperationException {
        configuration =
                new Configuration(List.of(backed(Path.of("/nonexistent"), WriteBackLimits.NONE)), SettingValues.NONE);
        assertThatThrownBy(configured::start).hasMessageContaining("/nonexistent");

        devices.setDiskSize(B.device(), 32 * MIB);
        devices.init(B.device());

        assertThat(stores.made()).containsExactly(new DeviceSettings(32 * MIB, 32 * MIB, false));
    }

    @Test
    void shouldTakeNoSettingsThatSomebodyElseGave() throws OperationException {
        devices.setMemLimit(B.device(), 2 * MIB);
        configuration = new Configuration(List.of(B), SettingValues.NONE);

        configured.start();

        assertThat(stores.made()).containsExactly(new DeviceSettings(32 * MIB, 32 * MIB, false));
    }

    @Test
    void shouldNotTouchADeviceThatSomebodyElseInitialised() throws OperationException {
        configured.start();
        devices.setMemLimit(B.device(), 32 * MIB);
        devices.init(B.device());
        configuration = new Configuration(List.of(A, B.with(DeviceCatalogue.MEM_LIMIT, 8 * MIB)), SettingValues.NONE);

        assertThatThrownBy(configured::reload)
                .isInstanceOfSatisfying(
                        OperationException.class, e -> assertThat(e.code()).isEqualTo(Refusal.BUSY))
                .hasMessage("/dev/nbd1 is initialised: it is not initialised again; to begin anew, swapoff it and run"
                        + " rzscontrol /dev/nbd1 --reset");
        assertThat(stores.limits()).isEmpty();
        assertThat(b.isAttached()).isTrue();
    }

    @Test
    void shouldBringUpNothingBesideADeviceThatSomebodyElseInitialised() throws OperationException {
        devices.init(B.device());
        configuration = new Configuration(List.of(A, B), SettingValues.NONE);

        assertThatThrownBy(configured::start).hasMessageStartingWith("/dev/nbd1 is initialised");

        assertThat(stores.made()).hasSize(1);
    }

    @Test
    void shouldGoOnKnowingADeviceThatCannotBeTakenDownAgain() throws OperationException {
        configuration = new Configuration(List.of(A, B), SettingValues.NONE);
        areas.refusing(B.device());
        areas.keeping(A.device());
        assertThatThrownBy(configured::start).hasMessage("swapon /dev/nbd1 failed: the test says so");
        configuration = new Configuration(List.of(A), SettingValues.NONE);

        assertThat(configured.reload()).isEmpty();
    }

    @Test
    void shouldSetMemoryLimitsAtReload() throws OperationException {
        configured.start();
        configuration = new Configuration(List.of(A.with(DeviceCatalogue.MEM_LIMIT, 16 * MIB)), SettingValues.NONE);

        assertThat(configured.reload()).containsExactly("/dev/nbd0 has a memlimit of 16384 kB now");
        assertThat(stores.limits()).containsExactly(16 * MIB);

        assertThat(configured.reload()).isEmpty();
    }

    @Test
    void shouldKeepTheMemoryLimitThatCannotBeSet() throws OperationException {
        configured.start();
        long tooLittle = FakeStores.LEAST_MEM_LIMIT_BYTES / 2;
        configuration = new Configuration(List.of(A.with(DeviceCatalogue.MEM_LIMIT, tooLittle)), SettingValues.NONE);

        assertThatThrownBy(configured::reload)
                .isInstanceOfSatisfying(
                        OperationException.class, e -> assertThat(e.code()).isEqualTo(Refusal.INVALID_VALUE))
                .hasMessageStartingWith("/dev/nbd0 keeps its memlimit: a memlimit of 512 kB is too small");
        assertThat(stores.limits()).isEmpty();
    }

    @Test
    void shouldApplyNothingOfAReloadOfWhichAPartCannotBe() throws OperationException {
        configured.start();
        long tooLittle = FakeStores.LEAST_MEM_LIMIT_BYTES / 2;
        configuration = new Configuration(List.of(A.with(DeviceCatalogue.MEM_LIMIT, tooLittle), B), SettingValues.NONE);

        assertThatThrownBy(configured::reload).hasMessageStartingWith("/dev/nbd0 keeps its memlimit");

        assertThat(areas.on()).containsExactly(A.device());
        assertThat(b.isAttached()).isFalse();
    }

    @Test
    void shouldSetNoMemoryLimitWhenANewDeviceCannotBeHad() throws OperationException {
        configured.start();
        configuration = new Configuration(List.of(A.with(DeviceCatalogue.MEM_LIMIT, 16 * MIB), B), SettingValues.NONE);
        b.attachable(false);

        assertThatThrownBy(configured::reload).hasMessage("/dev/nbd1 cannot be attached");

        assertThat(stores.limits()).isEmpty();
    }

    /** How large the device is, its configuration does not say. */
    @Test
    void shouldRefuseAMemoryLimitThatIsAboveTheBackingSwap() throws OperationException {
        Path directory = SwapFile.directory();
        Path file = SwapFile.make(directory.resolve("swap"), 1024);
        DeviceConfig backed = backed(file.toAbsolutePath(), WriteBackLimits.NONE);
        configuration = new Configuration(List.of(backed), SettingValues.NONE);
        try {
            configured.start();
            configuration =
                    new Configuration(List.of(backed.with(DeviceCatalogue.MEM_LIMIT, 8 * MIB)), SettingValues.NONE);

            assertThatThrownBy(configured::reload)
                    .hasMessage(
                            "/dev/nbd1 keeps its memlimit: a memlimit of 8192 kB is not possible: it goes from 4 kB to"
                                    + " the disksize, 4096 kB");
            assertThat(stores.limits()).isEmpty();
        } finally {
            devices.stop();
            assertThat(file.toFile().delete() && directory.toFile().delete()).isTrue();
        }
    }

    @Test
    void shouldSayWhatOfTheDaemonsStaysAsItWas() throws OperationException {
        configured.start();
        configuration = new Configuration(
                List.of(A),
                SettingValues.of(DaemonCatalogue.NOTIFY, NotifyMode.OFF)
                        .with(DaemonCatalogue.CPU_LATENCY, CpuLatencySetting.OFF)
                        .with(DaemonCatalogue.HIBERNATION, HibernationMode.SWAPOFF));

        assertThat(configured.reload())
                .containsExactly(
                        "notify stays as it was: restart the daemon to apply it (systemctl restart ramzswap)",
                        "cpu-latency stays as it was: restart the daemon to apply it (systemctl restart ramzswap)",
                        "hibernation stays as it was: restart the daemon to apply it (systemctl restart ramzswap)");
    }

    @Test
    void shouldSayWhatAReloadCannotChange() throws OperationException {
        configured.start();
        DeviceConfig other = TestDevices.device(
                "rz0",
                A.device(),
                128 * MIB,
                OptionalLong.empty(),
                AllocatorKind.XVMALLOC,
                CompressorKind.DEFAULT,
                7,
                Discard.BOTH,
                OptionalInt.empty());
        configuration = new Configuration(List.of(other), SettingValues.NONE);

        assertThat(configured.reload())
                .hasSize(7)
                .filteredOn(line -> !line.equals("/dev/nbd0 has a compressor of lz4 now"))
                .hasSize(6)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("/dev/nbd0 keeps its ")
                        .endsWith(": restart the daemon to apply it (systemctl restart ramzswap)"))
                .anySatisfy(line -> assertThat(line).contains("disksize, 65536 kB and not 131072 kB"))
                .anySatisfy(line -> assertThat(line).contains("memlimit, 8192 kB and not none"))
                .anySatisfy(line -> assertThat(line).contains("allocator, zbud and not xvmalloc"))
                .anySatisfy(line -> assertThat(line).contains("priority, 100 and not 7"))
                .anySatisfy(line -> assertThat(line).contains("discard, pages and not both"))
                .anySatisfy(line -> assertThat(line).contains("connections, 3 and not the default"));
        assertThat(stores.made()).hasSize(1);
        assertThat(stores.compressors()).containsExactly(CompressorKind.LZ4);
        assertThat(configured.reload()).as("once").noneMatch(line -> line.contains("has a compressor"));
    }

    @Test
    void shouldKeepADeviceThatIsNotConfiguredAnyMore() throws OperationException {
        configured.start();
        configuration = new Configuration(List.of(B), SettingValues.NONE);

        assertThat(configured.reload())
                .containsExactly(
                        "/dev/nbd0 is not configured any more and goes on:"
                                + " restart the daemon to apply it (systemctl restart ramzswap)",
                        "/dev/nbd1 [rz1] is new, and swap now");
    }

    @Test
    void shouldBringUpAgainWhatSomebodyTookDown() throws OperationException {
        configured.start();
        areas.off(A.device());
        devices.reset(A.device());

        assertThat(configured.reload()).containsExactly("/dev/nbd0 [rz0] is new, and swap now");
        assertThat(areas.on()).containsExactly(A.device());
    }

    @Test
    void shouldChangeNothingWhenTheConfigurationHasAMistake() throws OperationException {
        configured.start();
        mistaken = true;

        assertThatThrownBy(configured::reload)
                .isInstanceOfSatisfying(
                        OperationException.class, e -> assertThat(e.code()).isEqualTo(Refusal.INVALID_VALUE))
                .hasMessage("ramzswap.conf:3: the test says so");
        assertThat(areas.on()).containsExactly(A.device());
    }

    @Test
    void shouldHaveNothingToReloadWithoutAConfiguration() throws OperationException {
        ConfiguredDevices none = new ConfiguredDevices(Optional.empty(), devices, areas);
        none.start();

        assertThatThrownBy(none::reload)
                .hasMessage("there is nothing to reload: ramzswapd was started without --config");
        assertThat(stores.made()).isEmpty();
    }

    private static DeviceConfig backed(Path file, WriteBackLimits limits) {
        SettingValues values = B.values()
                .without(DeviceCatalogue.DISK_SIZE)
                .with(DeviceCatalogue.MEM_LIMIT, 2 * MIB)
                .with(DeviceCatalogue.BACKING_SWAP, file)
                .with(DeviceCatalogue.WRITEBACK_LIMIT, limits.bytesPerHour())
                .with(DeviceCatalogue.WRITEBACK_IDLE, limits.leastIdleSeconds());
        return new DeviceConfig(B.name(), values);
    }

    private Configuration current() throws ConfigException {
        if (mistaken) {
            throw new ConfigException(new Origin(Path.of("ramzswap.conf"), 3), "the test says so");
        }
        return configuration;
    }
}
