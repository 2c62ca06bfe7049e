package io.ramzswap.device;

/**
 * How large the swap area may be for its memory. When the area is full, the kernel knows what to do; when the memory is full
 * before, writes are refused one by one and the machine crawls. So the area is no larger than what memory holds if pages shrink to
 * half, which pages of most hosts do.
 */
public final class SizeRule {
    /** The most by which the area may be larger than the memory. */
    public static final int MAX_RATIO = 2;

    private SizeRule() {}

    /** Whether the area is full before the memory is, if pages shrink as expected. */
    public static boolean isKeptBy(long diskSizeBytes, long memLimitBytes) {
        return diskSizeBytes / MAX_RATIO <= memLimitBytes;
    }

    /** The largest disksize for that much memory. */
    public static long mostDiskSizeBytes(long memLimitBytes) {
        return memLimitBytes > Long.MAX_VALUE / MAX_RATIO ? Long.MAX_VALUE : MAX_RATIO * memLimitBytes;
    }
}
