package io.ramzswap.config;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.config.ConfigReader.Entry;
import io.ramzswap.device.DeviceFootprint;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.writeback.IdleTime;
import io.ramzswap.writeback.WriteBackLimits;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Makes a device of the values of a section. What is missing has its default. */
final class DeviceSection {
    /** Half of RAM, which holds even pages that do not shrink without taking more than the kernel can spare. */
    private static final String DEFAULT_DISK_SIZE = "min(ram / 2, 4G)";

    private static final int DEFAULT_PRIORITY = 100;
    private static final int MAX_PRIORITY = 32767;
    private static final int MAX_CONNECTIONS = 16;
    private static final String NO_LIMIT = "none";
    private static final List<Key> NEED_BACKING =
            List.of(Key.BACKING_LAYOUT, Key.BACKING_ENCRYPT, Key.WRITEBACK_LIMIT, Key.WRITEBACK_IDLE);
    private static final List<Key> WRITE_BACK = List.of(Key.WRITEBACK_LIMIT, Key.WRITEBACK_IDLE);
    private static final Pattern DEVICE = Pattern.compile("/dev/nbd(0|[1-9][0-9]{0,3})");

    private final int number;
    private final Map<Key, Entry> entries;
    private final long ramBytes;

    /** Of {@code [rznumber]}. */
    DeviceSection(int number, Map<Key, Entry> entries, long ramBytes) {
        this.number = number;
        this.entries = entries;
        this.ramBytes = ramBytes;
    }

    DeviceConfig device() throws ConfigException {
        long diskSize = diskSize();
        return new DeviceConfig(
                "rz" + number,
                kernelDevice(),
                diskSize,
                memLimit(diskSize),
                choice(Key.ALLOCATOR, AllocatorKind.DEFAULT, AllocatorKind::of, AllocatorKind.labels()),
                choice(Key.COMPRESSOR, CompressorKind.DEFAULT, CompressorKind::of, CompressorKind.labels()),
                has(Key.PRIORITY) ? whole(Key.PRIORITY, 0, MAX_PRIORITY) : DEFAULT_PRIORITY,
                discard(),
                has(Key.CONNECTIONS) ? OptionalInt.of(whole(Key.CONNECTIONS, 1, MAX_CONNECTIONS)) : OptionalInt.empty(),
                backing());
    }

    private Optional<BackingConfig> backing() throws ConfigException {
        for (Key key : NEED_BACKING) {
            if (has(key) && !has(Key.BACKING_SWAP)) {
                throw wrong(key, "this goes with " + Key.BACKING_SWAP.label() + ", which is not there");
            }
        }
        if (!has(Key.BACKING_SWAP)) {
            return Optional.empty();
        }
        if (has(Key.DISKSIZE)) {
            throw wrong(Key.DISKSIZE, "a device is as large as its " + Key.BACKING_SWAP.label() + ": leave it out");
        }
        if (!value(Key.BACKING_SWAP).startsWith("/")) {
            throw wrong(
                    Key.BACKING_SWAP,
                    "the path of a swap-formatted file or partition is expected, not '" + value(Key.BACKING_SWAP)
                            + "'");
        }
        BackingLayout layout =
                choice(Key.BACKING_LAYOUT, BackingOptions.DEFAULT.layout(), BackingLayout::of, BackingLayout.labels());
        if (layout == BackingLayout.LINEAR) {
            refuseWriteBack();
        }
        BackingOptions options = new BackingOptions(layout, encrypted());
        WriteBackLimits limits = new WriteBackLimits(writeBackLimit(), writeBackIdle(), false);
        return Optional.of(new BackingConfig(Path.of(value(Key.BACKING_SWAP)), options, limits));
    }

    /** Pages go there only when memory has no room for them. */
    private void refuseWriteBack() throws ConfigException {
        for (Key key : WRITE_BACK) {
            if (has(key)) {
                throw wrong(key, "this goes with the " + Key.BACKING_LAYOUT.label() + " log, not with linear");
            }
        }
    }

    private boolean encrypted() throws ConfigException {
        if (!has(Key.BACKING_ENCRYPT)) {
            return BackingOptions.DEFAULT.encrypted();
        }
        return switch (value(Key.BACKING_ENCRYPT)) {
            case "on" -> true;
            case "off" -> false;
            default ->
                throw wrong(Key.BACKING_ENCRYPT, "on or off is expected, not '" + value(Key.BACKING_ENCRYPT) + "'");
        };
    }

    private long writeBackLimit() throws ConfigException {
        if (!has(Key.WRITEBACK_LIMIT) || value(Key.WRITEBACK_LIMIT).equals(NO_LIMIT)) {
            return 0;
        }
        long bytes = size(Key.WRITEBACK_LIMIT, Map.of("ram", ramBytes));
        if (bytes < DeviceSettings.PAGE_SIZE) {
            throw wrong(
                    Key.WRITEBACK_LIMIT,
                    "'none', or a page, " + DeviceSettings.PAGE_SIZE + " bytes, at least is expected, and '"
                            + value(Key.WRITEBACK_LIMIT) + "' is " + bytes + " bytes");
        }
        return bytes;
    }

    private long writeBackIdle() throws ConfigException {
        try {
            return has(Key.WRITEBACK_IDLE)
                    ? IdleTime.parse(value(Key.WRITEBACK_IDLE)).seconds()
                    : 0;
        } catch (IllegalArgumentException e) {
            throw wrong(Key.WRITEBACK_IDLE, e.getMessage());
        }
    }

    private String kernelDevice() throws ConfigException {
        if (!has(Key.DEVICE)) {
            return "/dev/nbd" + number;
        }
        if (!DEVICE.matcher(value(Key.DEVICE)).matches()) {
            throw wrong(Key.DEVICE, "/dev/nbd0, /dev/nbd1 and so on is expected, not '" + value(Key.DEVICE) + "'");
        }
        return value(Key.DEVICE);
    }

    private long diskSize() throws ConfigException {
        if (has(Key.BACKING_SWAP)) {
            return DeviceSettings.MAX_DISK_SIZE_BYTES;
        }
        if (!has(Key.DISKSIZE)) {
            return wholePages(Math.max(
                    DeviceSettings.MIN_DISK_SIZE_BYTES,
                    SizeExpression.evaluate(DEFAULT_DISK_SIZE, Map.of("ram", ramBytes))));
        }
        long bytes = size(Key.DISKSIZE, Map.of("ram", ramBytes));
        if (bytes < DeviceSettings.MIN_DISK_SIZE_BYTES || bytes > DeviceSettings.MAX_DISK_SIZE_BYTES) {
            throw wrong(
                    Key.DISKSIZE,
                    kilobytes(DeviceSettings.MIN_DISK_SIZE_BYTES) + " to "
                            + kilobytes(DeviceSettings.MAX_DISK_SIZE_BYTES) + " is expected, and '"
                            + value(Key.DISKSIZE) + "' is " + kilobytes(bytes));
        }
        return wholePages(bytes);
    }

    private OptionalLong memLimit(long diskSize) throws ConfigException {
        if (!has(Key.MEMLIMIT) || value(Key.MEMLIMIT).equals(NO_LIMIT)) {
            return OptionalLong.empty();
        }
        Map<String, Long> known =
                has(Key.BACKING_SWAP) ? Map.of("ram", ramBytes) : Map.of("ram", ramBytes, "disksize", diskSize);
        long bytes = wholePages(size(Key.MEMLIMIT, known));
        if (bytes <= 0 || bytes > diskSize) {
            throw wrong(
                    Key.MEMLIMIT,
                    "'none', or a page at least and the disksize, " + kilobytes(diskSize)
                            + ", at most is expected, and '" + value(Key.MEMLIMIT) + "' is " + kilobytes(bytes));
        }
        if (!has(Key.BACKING_SWAP)) {
            requirePageRoom(new DeviceSettings(diskSize, bytes, true));
        }
        return OptionalLong.of(bytes);
    }

    /** Of a device with a backing swap the disksize is not known here. */
    private void requirePageRoom(DeviceSettings settings) throws ConfigException {
        long least = DeviceFootprint.leastMemLimitBytes(settings.diskSizeBytes(), Optional.empty());
        if (settings.memLimitBytes() < least) {
            throw wrong(Key.MEMLIMIT, DeviceFootprint.tooSmall(settings, least));
        }
    }

    /** The value of {@code key}, by its name, if it has one. */
    private <T> T choice(Key key, T otherwise, Function<String, Optional<T>> of, String labels) throws ConfigException {
        if (!has(key)) {
            return otherwise;
        }
        return of.apply(value(key))
                .orElseThrow(() -> wrong(key, "one of " + labels + " is expected, not '" + value(key) + "'"));
    }

    private Discard discard() throws ConfigException {
        if (!has(Key.DISCARD)) {
            return Discard.PAGES;
        }
        return Arrays.stream(Discard.values())
                .filter(discard -> discard.label().equals(value(Key.DISCARD)))
                .findFirst()
                .orElseThrow(() ->
                        wrong(Key.DISCARD, "none, once, pages or both is expected, not '" + value(Key.DISCARD) + "'"));
    }

    private long size(Key key, Map<String, Long> variables) throws ConfigException {
        try {
            return SizeExpression.evaluate(value(key), variables);
        } catch (IllegalArgumentException e) {
            throw wrong(key, e.getMessage());
        }
    }

    private int whole(Key key, int least, int most) throws ConfigException {
        String value = value(key);
        int number = value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : -1;
        if (number < least || number > most) {
            throw wrong(key, "a whole number, " + least + " to " + most + ", is expected, not '" + value + "'");
        }
        return number;
    }

    private boolean has(Key key) {
        return entries.containsKey(key);
    }

    private String value(Key key) {
        return entries.get(key).value();
    }

    private ConfigException wrong(Key key, String complaint) {
        return new ConfigException(entries.get(key).origin(), key.label() + ": " + complaint);
    }

    private static long wholePages(long bytes) {
        return bytes - bytes % DeviceSettings.PAGE_SIZE;
    }

    private static String kilobytes(long bytes) {
        return (bytes >> 10) + " kB";
    }
}
