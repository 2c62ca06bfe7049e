package io.ramzswap.setting;

import io.ramzswap.setting.catalogue.DeviceCatalogue;

/**
 * A setting that the product does not have. Tests add it to the catalogue and see it pass through every place that settings pass
 * through, without an edit in any of them.
 */
public final class AddedSetting {
    /** The setting. */
    public static final Setting<Integer> GRAIN = Setting.named(
                    "grain", new WholeNumber(1, 9), Change.LIVE, "The grain of the pages.")
            .fallback("3")
            .option("N", "--grain")
            .daemonOption("N", "--grain")
            .wire("set-grain", "grain")
            .build();

    /** The same, fixed once a device is initialised. */
    public static final Setting<Integer> FIXED_GRAIN = Setting.named(
                    "grain", new WholeNumber(1, 9), Change.AT_INIT, "The grain of the pages.")
            .fallback("3")
            .option("N", "--grain")
            .build();

    private AddedSetting() {}

    /** All settings of a device, and {@code added}. */
    public static SettingSet with(Setting<?> added) {
        return DeviceCatalogue.ALL.plus(added);
    }
}
