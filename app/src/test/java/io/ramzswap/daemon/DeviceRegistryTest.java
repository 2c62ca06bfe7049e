package io.ramzswap.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.attach.FakePoint;
import io.ramzswap.attach.OperationException;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.control.ErrorCode;
import io.ramzswap.device.DeviceSettings;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

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
                ErrorCode.BUSY,
                "/dev/nbd0 is initialised: the disksize is fixed; to begin anew, swapoff it and run rzscontrol /dev/nbd0 --reset",
                () -> devices.setDiskSize(A, 64 * MIB));
        assertRefused(
                ErrorCode.BUSY,
                "/dev/nbd0 is initialised: the backing swap is fixed; to begin anew, swapoff it and run rzscontrol /dev/nbd0 --reset",
                () -> devices.setBackingSwap(A, Path.of("/dev/sda2"), BackingOptions.DEFAULT));
    }

    @Test
    void shouldTakeAnotherMemLimitAtOnce() throws OperationException {
        devices.init(A);

        assertThat(devices.setMemLimit(A, 8 * MIB)).isEmpty();
        assertThat(devices.setMemLimit(A, 257 * MIB))
                .containsExactly(
                        "a memlimit of 263168 kB is not possible with a disksize of 262144 kB: no limit is set");
        assertRefused(
                ErrorCode.INVALID_VALUE,
                "/dev/nbd0 keeps its memlimit: a memlimit that leaves no room",
                () -> devices.setMemLimit(A, MIB / 2));

        assertThat(stores.limits()).containsExactly(8 * MIB, 256 * MIB);
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
                ErrorCode.BUSY,
                "/dev/nbd0 is initialised: it is not initialised again; to begin anew, swapoff it and run rzscontrol /dev/nbd0 --reset",
                () -> devices.init(A));
        assertThat(stores.open()).isOne();
    }

    @Test
    void shouldHaveNoStatisticsBeforeInit() {
        assertRefused(
                ErrorCode.NOT_INITIALISED,
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
                ErrorCode.BUSY, "/dev/nbd0 is in use, nothing was changed: it is active swap", () -> devices.reset(A));
        assertThat(stores.open()).isOne();
        assertThat(a.isAttached()).isTrue();
    }

    @Test
    void shouldKeepTheDeviceWhenDetachingFails() throws OperationException {
        devices.init(A);
        a.detachable(false);

        assertRefused(ErrorCode.INTERNAL, "/dev/nbd0 cannot be detached", () -> devices.reset(A));
        assertThat(stores.open()).isOne();
        assertThat(a.isReserved()).isFalse();

        a.detachable(true);
        devices.reset(A);
        assertThat(stores.open()).isZero();
    }

    @Test
    void shouldMakeNoStoreForAPointThatIsNotReady() {
        a.ready(false);

        assertRefused(ErrorCode.UNPROTECTED, "/dev/nbd0 is not ready", () -> devices.init(A));
        assertThat(stores.made()).isEmpty();
    }

    @Test
    void shouldLeaveNothingBehindWhenAttachingFails() throws OperationException {
        a.attachable(false);

        assertRefused(ErrorCode.INTERNAL, "/dev/nbd0 cannot be attached", () -> devices.init(A));
        assertThat(stores.open()).isZero();

        a.attachable(true);
        devices.init(A);
        assertThat(stores.open()).isOne();
    }

    @Test
    void shouldSayWhyThereIsNoMemoryForADevice() {
        stores.failing(true);

        assertRefused(
                ErrorCode.NO_MEMORY,
                "/dev/nbd0 was not initialised: 8 kB of memory for the page table cannot be had",
                () -> devices.init(A));
    }

    @Test
    void shouldStopWithAllDevicesDown() throws OperationException {
        devices.init(A);
        devices.init(B);
        devices.stop();

        assertThat(stores.open()).isZero();
        assertRefused(ErrorCode.BUSY, "the daemon is stopping", () -> devices.init(A));
    }

    @Test
    void shouldNotStopOneDeviceWhileAnotherIsInUse() throws OperationException {
        devices.init(A);
        devices.init(B);
        b.used(true);

        assertRefused(ErrorCode.BUSY, "/dev/nbd1 is in use, nothing was changed: it is active swap", devices::stop);
        assertThat(stores.open()).isEqualTo(2);
        assertThat(a.isAttached()).isTrue();
        assertThat(a.isReserved()).isFalse();

        b.used(false);
        devices.stop();
        assertThat(stores.open()).isZero();
    }

    private static void assertRefused(ErrorCode code, String message, ThrowingCallable operation) {
        assertThatThrownBy(operation)
                .isInstanceOfSatisfying(
                        OperationException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessage(message);
    }
}
