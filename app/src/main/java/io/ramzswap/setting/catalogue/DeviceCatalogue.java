package io.ramzswap.setting.catalogue;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.setting.Bytes;
import io.ramzswap.setting.Change;
import io.ramzswap.setting.Choice;
import io.ramzswap.setting.FilePath;
import io.ramzswap.setting.OnOff;
import io.ramzswap.setting.Setting;
import io.ramzswap.setting.SettingSet;
import io.ramzswap.setting.WholeNumber;
import io.ramzswap.setting.Word;
import io.ramzswap.writeback.IdleTime;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The settings of a device. */
public final class DeviceCatalogue {
    private static final int PAGE = DeviceSettings.PAGE_SIZE;
    private static final Pattern KERNEL_DEVICE = Pattern.compile("/dev/nbd(0|[1-9][0-9]{0,3})");

    /** The kernel's device. */
    public static final Setting<String> DEVICE = Setting.named(
                    "device",
                    new Word<>(DeviceCatalogue::kernelDevice, name -> name, "/dev/nbd0, /dev/nbd1 and so on"),
                    Change.AT_INIT,
                    "The kernel's device.")
            .build();

    /** The size of the swap area. */
    public static final Setting<Long> DISK_SIZE = Setting.named(
                    "disksize",
                    new Bytes(DeviceSettings.MIN_DISK_SIZE_BYTES, DeviceSettings.MAX_DISK_SIZE_BYTES, PAGE),
                    Change.AT_INIT,
                    "Limit on uncompressed data, which is the size of the swap area.")
            .fallback("min(ram / 2, 4G)")
            .absent("that of the backing swap", "that of the backing swap")
            .optionWithHelp(
                    "Limit on uncompressed data, in kilobytes. Default: 25% of RAM.", "N", "-d", "--disksize_kb")
            .daemonOptionWithHelp(
                    "Each such device's limit on uncompressed data: a number with K, M, G, T, or % of RAM. Default: 25%.",
                    "SIZE", "--disksize")
            .wire("set-disksize", "bytes")
            .build();

    /** The limit on memory used. */
    public static final Setting<Long> MEM_LIMIT = Setting.named(
                    "memlimit",
                    new Bytes(Long.MIN_VALUE, Long.MAX_VALUE, PAGE),
                    Change.LIVE,
                    "Limit on memory used, from a page to the disksize.")
            .mayBeNone()
            .optionWithHelp(
                    "Limit on memory used, in kilobytes. Default: none; with a backing swap 15% of RAM. With --init, 0 and"
                            + " what is above the disksize are no limit, with a warning.",
                    "N", "-m", "--memlimit_kb")
            .daemonOptionWithHelp(
                    "Each such device's limit on memory used, from a page to the disksize. Default: none; where a"
                            + " control group limits the daemon's memory, what the group leaves.",
                    "SIZE",
                    "--memlimit")
            .wire("set-memlimit", "bytes")
            .build();

    /** The allocator. */
    public static final Setting<AllocatorKind> ALLOCATOR = Setting.named(
                    "allocator",
                    Choice.of("allocator", AllocatorKind.values(), AllocatorKind::label),
                    Change.AT_INIT,
                    "What cuts up the memory: segment (the default, wastes least), zsmalloc, xvmalloc (as in 2009) or"
                            + " zbud.")
            .fallback(AllocatorKind.DEFAULT.label())
            .option("NAME", "--allocator")
            .daemonOption("NAME", "--allocator")
            .wire("set-allocator", "allocator")
            .build();

    /** The compressor. */
    public static final Setting<CompressorKind> COMPRESSOR = Setting.named(
                    "compressor",
                    Choice.of("compressor", CompressorKind.values(), CompressorKind::label),
                    Change.LIVE,
                    "What makes pages smaller: lz4 (the default, the fastest) or zstd (smaller by up to a third, several"
                            + " times as slow).")
            .fallback(CompressorKind.DEFAULT.label())
            .option("NAME", "--compressor")
            .daemonOption("NAME", "--compressor")
            .wire("set-compressor", "compressor")
            .build();

    /** The priority of the swap area. */
    public static final Setting<Integer> PRIORITY = Setting.named(
                    "priority",
                    new WholeNumber(0, 32767),
                    Change.AT_INIT,
                    "The priority of the swap area. The kernel fills a higher one first.")
            .fallback("100")
            .build();

    /** The kernel's news of free slots. */
    public static final Setting<Discard> DISCARD = Setting.named(
                    "discard",
                    Choice.ofWords("kind of discard", Discard.values(), Discard::label),
                    Change.AT_INIT,
                    "What the kernel tells of slots that are free again: pages (the default), which frees their memory a"
                            + " cluster at a time, once (at swapon), both or none.")
            .fallback(Discard.PAGES.label())
            .build();

    /** The number of connections. */
    public static final Setting<Integer> CONNECTIONS = Setting.named(
                    "connections",
                    new WholeNumber(1, 16),
                    Change.AT_INIT,
                    "Connections between the kernel and the device.")
            .absent("the default", "one a processor")
            .build();

    /** The backing swap. */
    public static final Setting<Path> BACKING_SWAP = Setting.named(
                    "backing-swap",
                    new FilePath("the path of a swap-formatted file or partition"),
                    Change.AT_INIT,
                    "A swap-formatted file or partition for pages that have grown cold, or for which memory has no room."
                            + " The disksize becomes its size.")
            .option("PATH", "-b", "--backing_swap")
            .wire("set-backing-swap", "path")
            .build();

    /** The layout of the backing swap. */
    public static final Setting<BackingLayout> BACKING_LAYOUT = Setting.named(
                    "backing-layout",
                    Choice.of("layout", BackingLayout.values(), BackingLayout::label),
                    Change.AT_INIT,
                    "How pages lie on the backing swap: log (the default: compressed, many at a time, the coldest, before"
                            + " memory is full) or linear (as in 2009: each at its own place, uncompressed).")
            .fallback(BackingOptions.DEFAULT.layout().label())
            .partOf(BACKING_SWAP)
            .optionWithHelp(
                    "How pages lie on the backing swap: log (the default: compressed, many at a time, the coldest, before"
                            + " memory is full) or linear (as in 2009: each at its own place, uncompressed). Goes with"
                            + " --backing_swap.",
                    "NAME",
                    "--backing_layout")
            .wire("set-backing-swap", "layout")
            .build();

    /** The encryption of the backing swap. */
    public static final Setting<Boolean> BACKING_ENCRYPT = Setting.named(
                    "backing-encrypt",
                    new OnOff("encrypt"),
                    Change.AT_INIT,
                    "Whether pages are encrypted on their way to the backing swap, with a random key that is in memory"
                            + " only. Off is for a disk that is encrypted already.")
            .fallback(BackingOptions.DEFAULT.encrypted() ? "on" : "off")
            .partOf(BACKING_SWAP)
            .optionWithHelp(
                    "Whether pages are encrypted on their way to the backing swap, with a random key that is in memory"
                            + " only. Goes with --backing_swap. Default: on; off is for a disk that is encrypted already.",
                    "on|off",
                    "--backing_encrypt")
            .wire("set-backing-swap", "encrypt")
            .build();

    /** The most that is written back in an hour. */
    public static final Setting<Long> WRITEBACK_LIMIT = Setting.named(
                    "writeback-limit",
                    new Bytes(PAGE, Long.MAX_VALUE, 1),
                    Change.BY_REQUEST,
                    "The most that is moved to the backing swap in an hour, ahead of time or by order, for the sake of flash"
                            + " memory.")
            .mayBeNone()
            .needs(BACKING_SWAP)
            .optionWithHelp(
                    "The most that is written back in an hour, by --writeback too, in kilobytes, for the sake of flash"
                            + " memory; 0 for any. Goes with a backing swap. May be changed at any time.",
                    "N",
                    "--writeback_limit_kb")
            .wire("set-writeback-budget", "bytes")
            .build();

    /** The age at which pages are written back. */
    public static final Setting<Long> WRITEBACK_IDLE = Setting.named(
                    "writeback-idle",
                    new Word<Long>(
                            text -> IdleTime.parse(text).seconds(),
                            seconds -> Long.toString(seconds),
                            "a number of seconds, or one with s, m, h or d, up to 30d"),
                    Change.AT_INIT,
                    "How long a page was not used before it is moved to the backing swap ahead of time.")
            .fallback("0")
            .needs(BACKING_SWAP)
            .build();

    /** All of them. */
    public static final SettingSet ALL = SettingSet.of(
            DEVICE,
            DISK_SIZE,
            MEM_LIMIT,
            ALLOCATOR,
            COMPRESSOR,
            PRIORITY,
            DISCARD,
            CONNECTIONS,
            BACKING_SWAP,
            BACKING_LAYOUT,
            BACKING_ENCRYPT,
            WRITEBACK_LIMIT,
            WRITEBACK_IDLE);

    private DeviceCatalogue() {}

    private static String kernelDevice(String name) {
        if (!KERNEL_DEVICE.matcher(name).matches()) {
            throw new IllegalArgumentException("/dev/nbd0, /dev/nbd1 and so on is expected, not '" + name + "'");
        }
        return name;
    }
}
