package io.ramzswap.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.attach.FakePoint;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.process.AvailableMemory;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceRegistryTest {
    private static final long MIB = 1 << 20;
    private static final String A = "/dev/nbd0";
    private static final String B = "/dev/nbd1";

    private final FakePoint a = new FakePoint(A);
    private final FakePoint b = new FakePoint(B);
    private final FakeStores stores = new FakeStores();
    private final DeviceRegistry devices =
            new DeviceRegistry(Map.of(A, a, B, b)::get, stores, new SettingsPolicy(1024 * MIB));

    @Test
    void shouldKeepSettingsFromOneCallToTheNext() throws OperationException {
        devices.setMemLimit(A, 8 * MIB);
        devices.setDiskSize(A, 32 * MIB);
        devices.setDiskSize(A, 64 * MIB);
        devices.init(A);

        assertThat(stores.made()).containsExactly(new DeviceSettings(64 * MIB, 8 * MIB, true));
        assertThat(devices.statistics(A).diskSizeBytes()).isEqualTo(64 * MIB);
        assertThat(a.isAttached()).isTrue();
    }

    @Test
    void shouldFixSettingsOnceInitialised() throws OperationException {
        devices.init(A);

        assertRefused(
                Refusal.BUSY,
                "/dev/nbd0 is initialised: the disksize is fixed; to begin anew, swapoff it and run rzscontrol /dev/nbd0 --reset",
                () -> devices.setDiskSize(A, 64 * MIB));
        assertRefused(
                Refusal.BUSY,
                "/dev/nbd0 is initialised: the backing swap is fixed; to begin anew, swapoff it and run rzscontrol /dev/nbd0 --reset",
                () -> devices.setBackingSwap(A, Path.of("/dev/sda2"), BackingOptions.DEFAULT));
    }

    @Test
    void shouldTakeAnotherMemLimitAtOnce() throws OperationException {
        devices.init(A);

        assertThat(devices.setMemLimit(A, 8 * MIB)).isEmpty();
        assertRefused(
                Refusal.INVALID_VALUE,
                "/dev/nbd0 keeps its memlimit: a memlimit of 512 kB is too small for a disksize of 262144 kB, which takes 1312 kB"
                        + " before the first page: raise memlimit or lower disksize",
                () -> devices.setMemLimit(A, MIB / 2));

        assertThat(stores.limits()).containsExactly(8 * MIB);
    }

    /** What was taken for no limit in 2009 would take away the one that there is. */
    @ParameterizedTest
    @ValueSource(longs = {0, 257 * MIB, 1L << 50})
    void shouldNotTakeALimitAwayThatIsTypedWrong(long bytes) throws OperationException {
        devices.init(A);
        devices.setMemLimit(A, 8 * MIB);

        assertRefused(
                Refusal.INVALID_VALUE,
                "/dev/nbd0 keeps its memlimit: a memlimit of " + (bytes >> 10)
                        + " kB is not possible: it goes from 4 kB to the disksize, 262144 kB",
                () -> devices.setMemLimit(A, bytes));

        assertThat(stores.limits()).containsExactly(8 * MIB);
        assertThat(devices.statistics(A).memLimitBytes()).isEqualTo(8 * MIB);
    }

    @Test
    void shouldRefuseAMemLimitOfLessThanAPage() throws OperationException {
        assertRefused(
                Refusal.INVALID_VALUE,
                "a memlimit of 512 bytes is not possible: it goes from 4 kB to the disksize",
                () -> devices.setMemLimit(A, 512));
        devices.init(A);
        assertThat(stores.made()).containsExactly(new DeviceSettings(256 * MIB, 256 * MIB, false));
    }

    @Test
    void shouldDoNothingWhenAPartCannotBeDone() throws OperationException {
        devices.init(A);
        devices.setMemLimit(A, 8 * MIB);

        assertThatThrownBy(() -> devices.carryOut(A, DeviceRequest.of(sizes(64 * MIB, 16 * MIB))))
                .hasMessageStartingWith("/dev/nbd0 is initialised: the disksize is fixed");

        assertThat(stores.limits()).containsExactly(8 * MIB);
    }

    @Test
    void shouldKeepNoSettingOfAnInitThatFailed() throws OperationException {
        stores.failing(true);
        DeviceRequest request = new DeviceRequest(sizes(64 * MIB, 16 * MIB), true, Optional.empty(), false);
        assertThatThrownBy(() -> devices.carryOut(A, request)).hasMessageStartingWith("/dev/nbd0 was not initialised");

        stores.failing(false);
        devices.init(A);

        assertThat(stores.made()).containsExactly(new DeviceSettings(256 * MIB, 256 * MIB, false));
    }

    @Test
    void shouldRefuseTablesThatDoNotFitInMemory() {
        DeviceRegistry small = new DeviceRegistry(
                Map.of(A, a)::get,
                stores,
                new SettingsPolicy(1024 * MIB, () -> new AvailableMemory(1024 * MIB, "a test")));

        assertThatThrownBy(() -> small.carryOut(
                        A,
                        new DeviceRequest(
                                RequestedSettings.of(DeviceCatalogue.DISK_SIZE, 512L << 30),
                                true,
                                Optional.empty(),
                                false)))
                .isInstanceOfSatisfying(
                        OperationException.class, e -> assertThat(e.code()).isEqualTo(Refusal.NO_MEMORY))
                .hasMessage(
                        "/dev/nbd0 was not initialised: tables and reserve take 1589280 kB before the first page, and"
                                + " 1048576 kB are available (a test), of which one part in 8 is left to others: lower disksize");
        assertThat(stores.made()).isEmpty();
    }

    @Test
    void shouldSumUpTheDevicesOfOneStart() {
        DeviceRegistry large = new DeviceRegistry(
                Map.of(A, a)::get,
                stores,
                new SettingsPolicy(1024 * MIB, () -> new AvailableMemory(1024 * MIB, "a test")));
        RequestedSettings one = RequestedSettings.of(DeviceCatalogue.DISK_SIZE, 128L << 30);

        assertThatCode(() -> large.requireMemory(List.of(one, one))).doesNotThrowAnyException();
        assertThatThrownBy(() -> large.requireMemory(List.of(one, one, one)))
                .isInstanceOfSatisfying(
                        OperationException.class, e -> assertThat(e.code()).isEqualTo(Refusal.NO_MEMORY));
    }

    @Test
    void shouldLimitWriteBackOnlyWhereThereIsSome() {
        assertRefused(
                Refusal.UNSUPPORTED,
                "/dev/nbd0 writes nothing back that could be limited: that takes a backing swap, with the layout log",
                () -> devices.carryOut(
                        A, DeviceRequest.of(RequestedSettings.of(DeviceCatalogue.WRITEBACK_LIMIT, MIB))));
    }

    @Test
    void shouldCountTheWritesThatWereRefusedToTheKernelWhileADeviceIsInitialised() throws OperationException {
        a.kernels(true);
        stores.refuseWrites(5);
        assertThat(devices.refusedWrites()).isZero();

        devices.init(A);
        devices.init(B);

        assertThat(devices.refusedWrites()).isEqualTo(5);
        assertThat(devices.isServed(A)).isTrue();
        devices.reset(A);
        assertThat(devices.refusedWrites()).isZero();
        assertThat(devices.isServed(A)).isFalse();
    }

    @Test
    void shouldRefuseToInitialiseTwice() throws OperationException {
        devices.init(A);

        assertRefused(
                Refusal.BUSY,
                "/dev/nbd0 is initialised: it is not initialised again; to begin anew, swapoff it and run rzscontrol /dev/nbd0 --reset",
                () -> devices.init(A));
        assertThat(stores.open()).isOne();
    }

    @Test
    void shouldHaveNoStatisticsBeforeInit() {
        assertRefused(
                Refusal.NOT_INITIALISED,
                "/dev/nbd0 has no statistics: it is not initialised; run rzscontrol /dev/nbd0 --init first",
                () -> devices.statistics(A));
    }

    @Test
    void shouldResetWhatIsNotInitialised() throws OperationException {
        devices.setDiskSize(A, 64 * MIB);
        devices.reset(A);
        devices.init(A);

        assertThat(stores.made()).containsExactly(new DeviceSettings(256 * MIB, 256 * MIB, false));
    }

    @Test
    void shouldFreeEverythingOnReset() throws OperationException {
        devices.setDiskSize(A, 64 * MIB);
        devices.init(A);
        devices.reset(A);

        assertThat(stores.open()).isZero();
        assertThat(a.isAttached()).isFalse();
        assertThat(a.isReserved()).isFalse();
        devices.init(A);
        assertThat(stores.made().get(1).diskSizeBytes()).isEqualTo(256 * MIB);
    }

    @Test
    void shouldChangeNothingWhenResetWhileInUse() throws OperationException {
        devices.init(A);
        a.used(true);

        assertRefused(
                Refusal.BUSY, "/dev/nbd0 is in use, nothing was changed: it is active swap", () -> devices.reset(A));
        assertThat(stores.open()).isOne();
        assertThat(a.isAttached()).isTrue();
    }

    @Test
    void shouldKeepTheDeviceWhenDetachingFails() throws OperationException {
        devices.init(A);
        a.detachable(false);

        assertRefused(Refusal.INTERNAL, "/dev/nbd0 cannot be detached", () -> devices.reset(A));
        assertThat(stores.open()).isOne();
        assertThat(a.isReserved()).isFalse();

        a.detachable(true);
        devices.reset(A);
        assertThat(stores.open()).isZero();
    }

    @Test
    void shouldMakeNoStoreForAPointThatIsNotReady() {
        a.ready(false);

        assertRefused(Refusal.UNPROTECTED, "/dev/nbd0 is not ready", () -> devices.init(A));
        assertThat(stores.made()).isEmpty();
    }

    @Test
    void shouldLeaveNothingBehindWhenAttachingFails() throws OperationException {
        a.attachable(false);

        assertRefused(Refusal.INTERNAL, "/dev/nbd0 cannot be attached", () -> devices.init(A));
        assertThat(stores.open()).isZero();

        a.attachable(true);
        devices.init(A);
        assertThat(stores.open()).isOne();
    }

    @Test
    void shouldSayWhyThereIsNoMemoryForADevice() {
        stores.failing(true);

        assertRefused(
                Refusal.NO_MEMORY,
                "/dev/nbd0 was not initialised: 8 kB of memory for the page table cannot be had",
                () -> devices.init(A));
    }

    @Test
    void shouldStopWithAllDevicesDown() throws OperationException {
        devices.init(A);
        devices.init(B);
        devices.stop();

        assertThat(stores.open()).isZero();
        assertRefused(Refusal.BUSY, "the daemon is stopping", () -> devices.init(A));
    }

    @Test
    void shouldNotStopOneDeviceWhileAnotherIsInUse() throws OperationException {
        devices.init(A);
        devices.init(B);
        b.used(true);

        assertRefused(Refusal.BUSY, "/dev/nbd1 is in use, nothing was changed: it is active swap", devices::stop);
        assertThat(stores.open()).isEqualTo(2);
        assertThat(a.isAttached()).isTrue();
        assertThat(a.isReserved()).isFalse();

        b.used(false);
        devices.stop();
        assertThat(stores.open()).isZero();
    }

    private static void assertRefused(Refusal code, String message, ThrowingCallable operation) {
        assertThatThrownBy(operation)
                .isInstanceOfSatisfying(
                        OperationException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessage(message);
    }

    private static RequestedSettings sizes(long diskSizeBytes, long memLimitBytes) {
        return new RequestedSettings(SettingValues.of(DeviceCatalogue.DISK_SIZE, diskSizeBytes)
                .with(DeviceCatalogue.MEM_LIMIT, memLimitBytes));
    }
}
