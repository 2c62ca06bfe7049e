package io.ramzswap.setting.catalogue;

import io.ramzswap.notify.NotifyMode;
import io.ramzswap.process.CpuLatencySetting;
import io.ramzswap.process.HibernationMode;
import io.ramzswap.setting.Change;
import io.ramzswap.setting.Setting;
import io.ramzswap.setting.SettingSet;
import io.ramzswap.setting.SettingType;
import io.ramzswap.setting.Word;

/** The settings of the daemon as a whole. The command line wins over the configuration. */
public final class DaemonCatalogue {
    /** The way in which devices learn of free slots. */
    public static final Setting<NotifyMode> NOTIFY = both(
            "notify",
            new Word<>(NotifyMode::parse, NotifyMode::label, "auto, trim or off"),
            "How the kernel's devices learn of freed swap slots: auto, at once where the kernel can be watched, and by TRIM;"
                    + " trim, by TRIM alone; off, not at all.",
            "MODE",
            NotifyMode.DEFAULT.label());

    /** The wake-up latency of idle processors. */
    public static final Setting<CpuLatencySetting> CPU_LATENCY = both(
            "cpu-latency",
            new Word<>(
                    CpuLatencySetting::parse, CpuLatencySetting::label, "auto, off, or microseconds from 0 to 1000000"),
            "How long idle processors may take to wake while requests follow one another closely: auto, as little as suits"
                    + " this machine; off, as long as they like; or no longer than that, 0 to keep them all awake. It costs"
                    + " power, and takes root.",
            "auto|off|MICROSECONDS",
            CpuLatencySetting.AUTO.label());

    /** The fate of a hibernation. */
    public static final Setting<HibernationMode> HIBERNATION = both(
            "hibernation",
            new Word<>(HibernationMode::parse, HibernationMode::label, "refuse or swapoff"),
            "Whether the machine may hibernate while the daemon serves the kernel, which would hang it: refuse, the kernel"
                    + " refuses (Linux 6.5 and later); swapoff, the service swaps off first.",
            "refuse|swapoff",
            HibernationMode.DEFAULT.label());

    /** All of them. */
    public static final SettingSet ALL = SettingSet.of(NOTIFY, CPU_LATENCY, HIBERNATION);

    private DaemonCatalogue() {}

    /** A setting that the configuration and an option of ramzswapd give. */
    private static <T> Setting<T> both(String name, SettingType<T> type, String help, String label, String fallback) {
        return Setting.named(name, type, Change.AT_START, help)
                .fallback(fallback)
                .daemonOptionWithHelp(
                        help + " Default: what the configuration says; else " + fallback + ".", label, "--" + name)
                .build();
    }
}
