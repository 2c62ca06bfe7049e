package io.ramzswap.analyze;

import io.ramzswap.device.DeviceSettings;

/**
 * Sizes for a device.
 *
 * <p>The memory limit is a quarter of RAM: what is swapped out has to leave room for what is used. The disksize is what that
 * holds of such pages, less a fifth, because what the kernel swaps out is not what was sampled, and because the swap area
 * should be full before the memory limit is: the kernel copes with the one, and crawls with the other. Neither more than
 * twice RAM nor less than the limit; and neither of them more than a device can have.
 *
 * @param memLimitBytes limit on memory used, in whole MiB
 * @param diskSizeBytes limit on uncompressed data, in whole MiB
 */
public record Advice(long memLimitBytes, long diskSizeBytes) {
    private static final int MEMORY_DIVISOR = 4;
    private static final double MARGIN = 0.8;
    private static final long MEBIBYTE = 1 << 20;

    /** For pages that take this share of their size on a machine with so much memory. */
    public static Advice of(double storedShare, long ramBytes) {
        long memLimit = wholeMebibytes(Math.min(ramBytes / MEMORY_DIVISOR, DeviceSettings.MAX_DISK_SIZE_BYTES));
        double held = memLimit * MARGIN / Math.max(storedShare, MARGIN * memLimit / (2.0 * Math.max(1, ramBytes)));
        long most = Math.min((long) (2.0 * ramBytes), DeviceSettings.MAX_DISK_SIZE_BYTES);
        return new Advice(memLimit, Math.max(memLimit, wholeMebibytes(Math.min((long) held, most))));
    }

    private static long wholeMebibytes(long bytes) {
        return Math.max(MEBIBYTE, bytes / MEBIBYTE * MEBIBYTE);
    }
}
