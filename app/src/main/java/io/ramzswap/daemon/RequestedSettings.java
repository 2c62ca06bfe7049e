package io.ramzswap.daemon;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.config.BackingConfig;
import io.ramzswap.config.DeviceConfig;
import io.ramzswap.writeback.WriteBackLimits;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The settings that a user asked for; a default where one is absent.
 *
 * @param diskSizeBytes limit on uncompressed data
 * @param memLimitBytes limit on memory used
 * @param backing the backing swap
 * @param writeBackBytesPerHour most that is written back in an hour; 0 for any
 * @param writeBackIdleSeconds a page that was used less long ago stays in memory
 * @param connections between the kernel and the device
 */
public record RequestedSettings(
        OptionalLong diskSizeBytes,
        OptionalLong memLimitBytes,
        Optional<Backing> backing,
        OptionalLong writeBackBytesPerHour,
        OptionalLong writeBackIdleSeconds,
        Optional<AllocatorKind> allocator,
        Optional<CompressorKind> compressor,
        OptionalInt connections) {
    /** Nothing was asked for. */
    public static final RequestedSettings NONE = new RequestedSettings(
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty());

    /** A backing swap, and how pages lie there. */
    public record Backing(Path path, BackingOptions options) {}

    /** What the configuration says of a device. */
    public static RequestedSettings of(DeviceConfig device) {
        Optional<BackingConfig> backing = device.backing();
        return new RequestedSettings(
                backing.isPresent() ? OptionalLong.empty() : OptionalLong.of(device.diskSizeBytes()),
                device.memLimitBytes(),
                backing.map(swap -> new Backing(swap.path(), swap.options())),
                backing.map(swap -> OptionalLong.of(swap.limits().bytesPerHour()))
                        .orElseGet(OptionalLong::empty),
                backing.map(swap -> OptionalLong.of(swap.limits().leastIdleSeconds()))
                        .orElseGet(OptionalLong::empty),
                Optional.of(device.allocator()),
                Optional.of(device.compressor()),
                device.connections());
    }

    static RequestedSettings ofDiskSize(long bytes) {
        return ofSizes(OptionalLong.of(bytes), OptionalLong.empty());
    }

    static RequestedSettings ofMemLimit(long bytes) {
        return ofSizes(OptionalLong.empty(), OptionalLong.of(bytes));
    }

    static RequestedSettings ofSizes(OptionalLong diskSizeBytes, OptionalLong memLimitBytes) {
        return new RequestedSettings(
                diskSizeBytes,
                memLimitBytes,
                NONE.backing,
                NONE.writeBackBytesPerHour,
                NONE.writeBackIdleSeconds,
                NONE.allocator,
                NONE.compressor,
                NONE.connections);
    }

    static RequestedSettings ofBacking(Path path, BackingOptions options) {
        return new RequestedSettings(
                NONE.diskSizeBytes,
                NONE.memLimitBytes,
                Optional.of(new Backing(path, options)),
                NONE.writeBackBytesPerHour,
                NONE.writeBackIdleSeconds,
                NONE.allocator,
                NONE.compressor,
                NONE.connections);
    }

    static RequestedSettings ofWriteBackLimit(long bytesPerHour) {
        return new RequestedSettings(
                NONE.diskSizeBytes,
                NONE.memLimitBytes,
                NONE.backing,
                OptionalLong.of(bytesPerHour),
                NONE.writeBackIdleSeconds,
                NONE.allocator,
                NONE.compressor,
                NONE.connections);
    }

    static RequestedSettings ofKinds(Optional<AllocatorKind> allocator, Optional<CompressorKind> compressor) {
        return new RequestedSettings(
                NONE.diskSizeBytes,
                NONE.memLimitBytes,
                NONE.backing,
                NONE.writeBackBytesPerHour,
                NONE.writeBackIdleSeconds,
                allocator,
                compressor,
                NONE.connections);
    }

    /** These, and those of {@code earlier} that are absent here. */
    RequestedSettings over(RequestedSettings earlier) {
        return new RequestedSettings(
                diskSizeBytes.isPresent() ? diskSizeBytes : earlier.diskSizeBytes,
                memLimitBytes.isPresent() ? memLimitBytes : earlier.memLimitBytes,
                backing.or(() -> earlier.backing),
                writeBackBytesPerHour.isPresent() ? writeBackBytesPerHour : earlier.writeBackBytesPerHour,
                writeBackIdleSeconds.isPresent() ? writeBackIdleSeconds : earlier.writeBackIdleSeconds,
                allocator.or(() -> earlier.allocator),
                compressor.or(() -> earlier.compressor),
                connections.isPresent() ? connections : earlier.connections);
    }

    /** A setting among these that cannot be changed once the device is initialised, in words. */
    Optional<String> fixedOnceInitialised() {
        if (backing.isPresent()) {
            return Optional.of("the backing swap is fixed");
        }
        if (diskSizeBytes.isPresent()) {
            return Optional.of("the disksize is fixed");
        }
        if (allocator.isPresent()) {
            return Optional.of("the allocator is fixed");
        }
        if (compressor.isPresent()) {
            return Optional.of("the compressor is fixed");
        }
        return connections.isPresent() ? Optional.of("its connections are fixed") : Optional.empty();
    }

    /** Whether write-back is limited here. */
    boolean limitsWriteBack() {
        return writeBackBytesPerHour.isPresent() || writeBackIdleSeconds.isPresent();
    }

    /** Whether pages can be written back. */
    boolean canWriteBack() {
        return backing.filter(swap -> swap.options().layout() == BackingLayout.LOG)
                .isPresent();
    }

    Optional<BackingOptions> backingOptions() {
        return backing.map(Backing::options);
    }

    WriteBackLimits writeBackLimits() {
        return new WriteBackLimits(writeBackBytesPerHour.orElse(0), writeBackIdleSeconds.orElse(0), false);
    }

    AllocatorKind allocatorOrDefault() {
        return allocator.orElse(AllocatorKind.DEFAULT);
    }

    CompressorKind compressorOrDefault() {
        return compressor.orElse(CompressorKind.DEFAULT);
    }
}
