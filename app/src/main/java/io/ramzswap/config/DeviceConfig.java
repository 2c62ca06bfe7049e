package io.ramzswap.config;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.compress.CompressorKind;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One device as configured.
 *
 * @param name of its section, as rz0
 * @param device the kernel's device, as /dev/nbd0
 * @param diskSizeBytes limit on uncompressed data, within what a device can have; the most there can be where that is left to a
 *     backing swap
 * @param memLimitBytes limit on memory used, from a page to the disksize; a default if absent
 * @param allocator what cuts up its memory
 * @param compressor what makes pages smaller
 * @param priority of the swap area, 0 to 32767; the kernel fills a higher one first
 * @param discard what the kernel tells of slots it no longer needs
 * @param connections between the kernel and the device; a default if absent
 * @param backing what lies below memory, if anything does; then the disksize is not what is written here
 */
public record DeviceConfig(
        String name,
        String device,
        long diskSizeBytes,
        OptionalLong memLimitBytes,
        AllocatorKind allocator,
        CompressorKind compressor,
        int priority,
        Discard discard,
        OptionalInt connections,
        Optional<BackingConfig> backing) {
    /** A device without a backing swap. */
    public DeviceConfig(
            String name,
            String device,
            long diskSizeBytes,
            OptionalLong memLimitBytes,
            AllocatorKind allocator,
            CompressorKind compressor,
            int priority,
            Discard discard,
            OptionalInt connections) {
        this(
                name,
                device,
                diskSizeBytes,
                memLimitBytes,
                allocator,
                compressor,
                priority,
                discard,
                connections,
                Optional.empty());
    }

    /** The same with another limit on memory. */
    public DeviceConfig withMemLimit(long bytes) {
        return new DeviceConfig(
                name,
                device,
                diskSizeBytes,
                OptionalLong.of(bytes),
                allocator,
                compressor,
                priority,
                discard,
                connections,
                backing);
    }
}
