package io.ramzswap.daemon;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.config.DeviceConfig;
import io.ramzswap.setting.Change;
import io.ramzswap.setting.Setting;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import io.ramzswap.writeback.WriteBackLimits;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The settings that a user asked for, as the code that makes devices wants them.
 *
 * @param values a default where one is absent
 */
public record RequestedSettings(SettingValues values) {
    /** Nothing was asked for. */
    public static final RequestedSettings NONE = new RequestedSettings(SettingValues.NONE);

    /** A backing swap, and how pages lie there. */
    public record Backing(Path path, BackingOptions options) {}

    /** What the configuration says of a device. */
    public static RequestedSettings of(DeviceConfig device) {
        return new RequestedSettings(device.values());
    }

    /** One setting. */
    static <T> RequestedSettings of(Setting<T> setting, T value) {
        return new RequestedSettings(SettingValues.of(setting, value));
    }

    /** The limit on uncompressed data. */
    OptionalLong diskSizeBytes() {
        return values.amount(DeviceCatalogue.DISK_SIZE);
    }

    /** The limit on memory used. */
    OptionalLong memLimitBytes() {
        return values.amount(DeviceCatalogue.MEM_LIMIT);
    }

    /** The backing swap. */
    Optional<Backing> backing() {
        return values.get(DeviceCatalogue.BACKING_SWAP)
                .map(path -> new Backing(
                        path,
                        new BackingOptions(
                                values.orDefault(DeviceCatalogue.BACKING_LAYOUT),
                                values.orDefault(DeviceCatalogue.BACKING_ENCRYPT))));
    }

    Optional<BackingOptions> backingOptions() {
        return backing().map(Backing::options);
    }

    /** The connections between the kernel and the device. */
    OptionalInt connections() {
        return values.get(DeviceCatalogue.CONNECTIONS).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    /** The limits of write-back; 0 for any. */
    WriteBackLimits writeBackLimits() {
        return new WriteBackLimits(
                values.get(DeviceCatalogue.WRITEBACK_LIMIT).orElse(0L),
                values.orDefault(DeviceCatalogue.WRITEBACK_IDLE),
                false);
    }

    AllocatorKind allocator() {
        return values.orDefault(DeviceCatalogue.ALLOCATOR);
    }

    CompressorKind compressor() {
        return values.orDefault(DeviceCatalogue.COMPRESSOR);
    }

    /** These, and those of {@code earlier} that are absent here. */
    RequestedSettings over(RequestedSettings earlier) {
        return new RequestedSettings(values.over(earlier.values));
    }

    /** A setting among these that cannot be changed once the device is initialised. */
    Optional<Setting<?>> fixedOnceInitialised() {
        Optional<Setting<?>> first = values.settings().stream()
                .filter(setting -> setting.partOf().isEmpty() && setting.change() == Change.AT_INIT)
                .findFirst();
        return first;
    }

    /** Whether write-back is limited here. */
    boolean limitsWriteBack() {
        return values.has(DeviceCatalogue.WRITEBACK_LIMIT) || values.has(DeviceCatalogue.WRITEBACK_IDLE);
    }

    /** Whether pages can be written back. */
    boolean canWriteBack() {
        return backingOptions()
                .filter(options -> options.layout() == BackingLayout.LOG)
                .isPresent();
    }
}
