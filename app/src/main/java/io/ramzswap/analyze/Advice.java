package io.ramzswap.analyze;

import io.ramzswap.device.DeviceSettings;
import io.ramzswap.device.SizeRule;

/**
 * Sizes for a device.
 *
 * <p>The memory limit is a quarter of RAM: what is swapped out has to leave room for what is used. The disksize is what that
 * holds of such pages, less a fifth, because what the kernel swaps out is not what was sampled; and never more than {@link
 * SizeRule} has it, of which {@code rzscontrol doctor} would warn. Where the sample says too little it is no more than the limit,
 * as if pages did not shrink. Nor is it more than twice RAM, nor less than the limit; and neither of them is more than a device can
 * have.
 *
 * @param memLimitBytes limit on memory used, in whole MiB
 * @param diskSizeBytes limit on uncompressed data, in whole MiB
 * @param why what the disksize follows from
 */
public record Advice(long memLimitBytes, long diskSizeBytes, Why why) {
    private static final int MEMORY_DIVISOR = 4;
    private static final double MARGIN = 0.8;
    private static final long MEBIBYTE = 1 << 20;

    /** The grounds for an advice. */
    public enum Why {
        /** The pages that were sampled. */
        MEASURED,
        /** The rule, which allows for less than such pages would need. */
        RULE,
        /** The sample says nothing for sure, so the advice is the safe one. */
        UNCERTAIN
    }

    /**
     * For pages that take this share of their size on a machine with so much memory.
     *
     * @param representative whether the sample tells of this machine's pages
     */
    public static Advice of(double storedShare, long ramBytes, boolean representative) {
        long memLimit = wholeMebibytes(Math.min(ramBytes / MEMORY_DIVISOR, DeviceSettings.MAX_DISK_SIZE_BYTES));
        if (!representative) {
            return new Advice(memLimit, memLimit, Why.UNCERTAIN);
        }
        long rule = Math.min(
                SizeRule.mostDiskSizeBytes(memLimit),
                Math.min(SizeRule.mostDiskSizeBytes(ramBytes), DeviceSettings.MAX_DISK_SIZE_BYTES));
        double measured = memLimit * MARGIN / Math.max(storedShare, Double.MIN_NORMAL);
        long held = Math.max(memLimit, wholeMebibytes((long) Math.min(measured, (double) rule)));
        return new Advice(memLimit, held, measured > rule ? Why.RULE : Why.MEASURED);
    }

    private static long wholeMebibytes(long bytes) {
        return Math.max(MEBIBYTE, bytes / MEBIBYTE * MEBIBYTE);
    }
}
