package io.ramzswap.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.device.DeviceSettings;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsPolicyTest {
    private static final long MIB = 1 << 20;
    private static final OptionalLong NONE = OptionalLong.empty();

    private final SettingsPolicy policy = new SettingsPolicy(1024 * MIB + 4096 * 3);

    @Test
    void shouldTakeAQuarterOfRamAndNoLimitByDefault() {
        SettingsPolicy.Decision decision = policy.decide(NONE, NONE);

        assertThat(decision.settings()).isEqualTo(new DeviceSettings(256 * MIB, 256 * MIB, false));
        assertThat(decision.warnings()).isEmpty();
    }

    @Test
    void shouldCapMemoryAtHalfOfRamWhenNoLimitIsGiven() {
        assertThat(policy.decide(OptionalLong.of(2048 * MIB), NONE).settings())
                .isEqualTo(new DeviceSettings(2048 * MIB, 512 * MIB + 4096, false));
    }

    @Test
    void shouldTakeTheSizeOfTheBackingSwapAndLimitMemoryByDefault() {
        OptionalLong backing = OptionalLong.of(4096 * MIB);
        long fifteenPercent = (1024 * MIB + 4096 * 3) / 100 * 15 / 4096 * 4096;

        assertThat(policy.decide(NONE, NONE, backing))
                .isEqualTo(
                        new SettingsPolicy.Decision(new DeviceSettings(4096 * MIB, fifteenPercent, false), List.of()));
        assertThat(policy.decide(NONE, NONE, OptionalLong.of(64 * MIB)).settings())
                .isEqualTo(new DeviceSettings(64 * MIB, 64 * MIB, false));
        assertThat(policy.decide(NONE, OptionalLong.of(300 * MIB), backing).settings())
                .isEqualTo(new DeviceSettings(4096 * MIB, 300 * MIB, true));
        assertThat(policy.decide(OptionalLong.of(64 * MIB), NONE, backing).warnings())
                .containsExactly("the disksize is that of the backing swap, 4194304 kB, not 65536 kB");
    }

    @Test
    void shouldRoundDownToWholePages() {
        assertThat(policy.decide(OptionalLong.of(64 * MIB + 4095), OptionalLong.of(8 * MIB + 1))
                        .settings())
                .isEqualTo(new DeviceSettings(64 * MIB, 8 * MIB, true));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 4095, 65 * MIB, Long.MAX_VALUE})
    void shouldWarnOfAMemLimitThatCannotBeAndSetNone(long memLimit) {
        SettingsPolicy.Decision decision = policy.decide(OptionalLong.of(64 * MIB), OptionalLong.of(memLimit));

        assertThat(decision.settings()).isEqualTo(new DeviceSettings(64 * MIB, 64 * MIB, false));
        assertThat(decision.warnings())
                .containsExactly("a memlimit of " + (memLimit >> 10)
                        + " kB is not possible with a disksize of 65536 kB: no limit is set");
    }

    @Test
    void shouldWarnOfAMemLimitAboveHalfOfRam() {
        SettingsPolicy.Decision decision = policy.decide(OptionalLong.of(1024 * MIB), OptionalLong.of(513 * MIB));

        assertThat(decision.settings()).isEqualTo(new DeviceSettings(1024 * MIB, 513 * MIB, true));
        assertThat(decision.warnings())
                .containsExactly("it is not advisable to set a memlimit (525312 kB) of more than half of the memory"
                        + " (1048588 kB): pages are expected to compress to half; going on anyway");
    }

    @Test
    void shouldWarnOfADiskSizeAboveTwiceRam() {
        assertThat(policy.decide(OptionalLong.of(2049 * MIB), OptionalLong.of(64 * MIB))
                        .warnings())
                .containsExactly(
                        "there is little point in a disksize of 2098176 kB, more than twice the memory (1048588 kB):"
                                + " pages are expected to compress to half; its tables take 0.29 % of its size even"
                                + " while it is empty");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 40959, (1L << 40) + 1, Long.MAX_VALUE})
    void shouldRefuseADiskSizeThatNoDeviceCanHave(long bytes) {
        assertThatThrownBy(() -> SettingsPolicy.checkDiskSize(bytes))
                .isInstanceOfSatisfying(
                        OperationException.class, e -> assertThat(e.code()).isEqualTo(Refusal.INVALID_VALUE))
                .hasMessage(
                        "a disksize of " + (bytes >> 10) + " kB is not possible: it goes from 40 kB to 1073741824 kB");
    }

    @ParameterizedTest
    @ValueSource(longs = {40960, 1L << 40})
    void shouldTakeTheSmallestAndTheLargestDiskSize(long bytes) throws OperationException {
        SettingsPolicy.checkDiskSize(bytes);

        assertThat(policy.decide(OptionalLong.of(bytes), NONE).settings().diskSizeBytes())
                .isEqualTo(bytes);
    }

    @Test
    void shouldDeriveALimitFromWhatAControlGroupLeaves() {
        SettingsPolicy limited = new SettingsPolicy(200 * MIB, OptionalLong.of(40 * MIB + 1));

        SettingsPolicy.Decision decision = limited.decide(OptionalLong.empty(), OptionalLong.empty());

        assertThat(decision.settings()).isEqualTo(new DeviceSettings(50 * MIB, 40 * MIB, true));
        assertThat(decision.warnings())
                .containsExactly(
                        "the memlimit is 40960 kB, because the control group of the daemon leaves no more memory;"
                                + " writes beyond it are refused");
    }

    @Test
    void shouldDeriveNoLimitWhereAControlGroupLeavesEnough() {
        SettingsPolicy limited = new SettingsPolicy(200 * MIB, OptionalLong.of(80 * MIB));

        assertThat(limited.decide(OptionalLong.of(16 * MIB), OptionalLong.empty()))
                .isEqualTo(new SettingsPolicy.Decision(new DeviceSettings(16 * MIB, 16 * MIB, false), List.of()));
    }

    @Test
    void shouldWarnOfALimitThatIsMoreThanAControlGroupLeaves() {
        SettingsPolicy limited = new SettingsPolicy(200 * MIB, OptionalLong.of(40 * MIB));

        assertThat(limited.decide(OptionalLong.of(100 * MIB), OptionalLong.of(80 * MIB))
                        .warnings())
                .containsExactly(
                        "a memlimit of 81920 kB is more than the control group of the daemon leaves, 40960 kB: the"
                                + " daemon is killed before the device is full");
    }
}
