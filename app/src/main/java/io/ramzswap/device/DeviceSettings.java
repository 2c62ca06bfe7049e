package io.ramzswap.device;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.compress.CompressorKind;

/**
 * What a device is made with.
 *
 * @param diskSizeBytes limit on uncompressed data: the size the kernel sees. A multiple of the page size, from {@link
 *     #MIN_DISK_SIZE_BYTES} to {@link #MAX_DISK_SIZE_BYTES}
 * @param memLimitBytes ceiling on memory really used. A multiple of the page size, at most {@code diskSizeBytes}
 * @param memLimitGiven whether a person chose {@code memLimitBytes}. A chosen limit covers the device's metadata too; a
 *     default one covers the pages alone, so that a disk full of incompressible pages still fits
 * @param allocator what cuts up the memory for compressed pages
 * @param compressor what makes pages smaller
 */
public record DeviceSettings(
        long diskSizeBytes,
        long memLimitBytes,
        boolean memLimitGiven,
        AllocatorKind allocator,
        CompressorKind compressor) {
    /** A page, and the unit of every request, in bytes. */
    public static final int PAGE_SIZE = SharedMemory.PAGE_BYTES;

    /** The smallest swap area that Linux takes: ten pages, one of them the header. */
    public static final long MIN_DISK_SIZE_BYTES = 10L * PAGE_SIZE;

    /** What the page table can address: 2<sup>28</sup> slots, one terabyte. */
    public static final long MAX_DISK_SIZE_BYTES = (1L << 28) * PAGE_SIZE;

    /** Checks the ranges. */
    public DeviceSettings {
        if (diskSizeBytes < MIN_DISK_SIZE_BYTES || diskSizeBytes > MAX_DISK_SIZE_BYTES) {
            throw new IllegalArgumentException("disksize " + diskSizeBytes + " is not within " + MIN_DISK_SIZE_BYTES
                    + " to " + MAX_DISK_SIZE_BYTES);
        }
        if (diskSizeBytes % PAGE_SIZE != 0 || memLimitBytes % PAGE_SIZE != 0) {
            throw new IllegalArgumentException("disksize and memlimit are multiples of " + PAGE_SIZE);
        }
        if (memLimitBytes <= 0 || memLimitBytes > diskSizeBytes) {
            throw new IllegalArgumentException("memlimit " + memLimitBytes + " is not within 1 to the disksize");
        }
    }

    /** Settings with the default allocator and compressor. */
    public DeviceSettings(long diskSizeBytes, long memLimitBytes, boolean memLimitGiven) {
        this(diskSizeBytes, memLimitBytes, memLimitGiven, AllocatorKind.DEFAULT, CompressorKind.DEFAULT);
    }

    /** The same with another allocator. */
    public DeviceSettings withAllocator(AllocatorKind other) {
        return new DeviceSettings(diskSizeBytes, memLimitBytes, memLimitGiven, other, compressor);
    }

    /** The same with another compressor. */
    public DeviceSettings withCompressor(CompressorKind other) {
        return new DeviceSettings(diskSizeBytes, memLimitBytes, memLimitGiven, allocator, other);
    }

    /** The number of pages the device holds. */
    public int slots() {
        return (int) (diskSizeBytes / PAGE_SIZE);
    }
}
