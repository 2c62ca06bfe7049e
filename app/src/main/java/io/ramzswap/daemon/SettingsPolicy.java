package io.ramzswap.daemon;

import io.ramzswap.attach.OperationException;
import io.ramzswap.control.ErrorCode;
import io.ramzswap.device.DeviceSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a device is made with when a user gave this or that, with the defaults and the warnings of the driver of 2009.
 *
 * <ul>
 *   <li>disksize: a quarter of RAM by default; a warning when it is more than twice RAM
 *   <li>memlimit: by default no limit of the user's, but a ceiling of half of RAM; a warning when it is 0 or above the
 *       disksize (then the default holds) or above half of RAM
 *   <li>with a backing swap, disksize is its size, and memlimit by default 15 % of RAM or that size, whichever is less
 *   <li>both are rounded down to whole pages
 * </ul>
 *
 * @param ramBytes the machine's memory
 */
public record SettingsPolicy(long ramBytes) {
    private static final int DEFAULT_DISK_SIZE_DIVISOR = 4;
    private static final int DEFAULT_MEM_LIMIT_PERCENT = 15;
    private static final int ADVISABLE_DISK_SIZE_FACTOR = 2;
    private static final int ADVISABLE_MEM_LIMIT_DIVISOR = 2;

    /**
     * What was decided.
     *
     * @param warnings lines for the user
     */
    public record Decision(DeviceSettings settings, List<String> warnings) {}

    /**
     * Checks a disksize that a user gave.
     *
     * @throws OperationException INVALID_VALUE if no device can have that size
     */
    public static void checkDiskSize(long bytes) throws OperationException {
        if (bytes < DeviceSettings.MIN_DISK_SIZE_BYTES || bytes > DeviceSettings.MAX_DISK_SIZE_BYTES) {
            throw new OperationException(
                    ErrorCode.INVALID_VALUE,
                    "a disksize of " + kilobytes(bytes) + " is not possible: it goes from "
                            + kilobytes(DeviceSettings.MIN_DISK_SIZE_BYTES) + " to "
                            + kilobytes(DeviceSettings.MAX_DISK_SIZE_BYTES));
        }
    }

    /** Fills in defaults where there is no backing swap. */
    public Decision decide(OptionalLong diskSizeBytes, OptionalLong memLimitBytes) {
        return decide(diskSizeBytes, memLimitBytes, OptionalLong.empty());
    }

    /**
     * Fills in defaults.
     *
     * @param diskSizeBytes the user's, checked
     * @param memLimitBytes the user's, whatever it is
     * @param backingBytes the size of the backing swap, checked like a disksize
     */
    public Decision decide(OptionalLong diskSizeBytes, OptionalLong memLimitBytes, OptionalLong backingBytes) {
        List<String> warnings = new ArrayList<>();
        if (backingBytes.isPresent()) {
            warnOfAnotherDiskSize(diskSizeBytes, backingBytes.getAsLong(), warnings);
            return decide(
                    backingBytes.getAsLong(), memLimitBytes, defaultBackedCeiling(backingBytes.getAsLong()), warnings);
        }
        long diskSize = wholePages(diskSizeBytes.orElseGet(this::defaultDiskSize));
        if (diskSize / ADVISABLE_DISK_SIZE_FACTOR > ramBytes) {
            warnings.add(
                    "there is little point in a disksize of " + kilobytes(diskSize) + ", more than twice the memory ("
                            + kilobytes(ramBytes)
                            + "): pages are expected to compress to half; the table for it takes about 0.2 %"
                            + " of its size even while it is empty");
        }
        return decide(diskSize, memLimitBytes, defaultCeiling(diskSize), warnings);
    }

    private static void warnOfAnotherDiskSize(OptionalLong diskSizeBytes, long backingBytes, List<String> warnings) {
        if (diskSizeBytes.isPresent() && wholePages(diskSizeBytes.getAsLong()) != backingBytes) {
            warnings.add("the disksize is that of the backing swap, " + kilobytes(backingBytes) + ", not "
                    + kilobytes(diskSizeBytes.getAsLong()));
        }
    }

    private Decision decide(long diskSize, OptionalLong memLimitBytes, long defaultCeiling, List<String> warnings) {
        long memLimit = memLimitBytes.isPresent() ? givenLimit(memLimitBytes.getAsLong(), diskSize, warnings) : 0;
        boolean given = memLimit > 0;
        long ceiling = given ? memLimit : defaultCeiling;
        return new Decision(new DeviceSettings(diskSize, ceiling, given), List.copyOf(warnings));
    }

    /** The user's limit in whole pages, or 0 if it cannot be one. */
    private long givenLimit(long bytes, long diskSize, List<String> warnings) {
        long memLimit = wholePages(bytes);
        if (memLimit <= 0 || memLimit > diskSize) {
            warnings.add("a memlimit of " + kilobytes(bytes) + " is not possible with a disksize of "
                    + kilobytes(diskSize) + ": no limit is set");
            return 0;
        }
        if (memLimit > ramBytes / ADVISABLE_MEM_LIMIT_DIVISOR) {
            warnings.add("it is not advisable to set a memlimit (" + kilobytes(memLimit)
                    + ") of more than half of the memory (" + kilobytes(ramBytes)
                    + "): pages are expected to compress to half; going on anyway");
        }
        return memLimit;
    }

    private long defaultDiskSize() {
        long quarter = ramBytes / DEFAULT_DISK_SIZE_DIVISOR;
        return Math.max(DeviceSettings.MIN_DISK_SIZE_BYTES, Math.min(quarter, DeviceSettings.MAX_DISK_SIZE_BYTES));
    }

    private long defaultCeiling(long diskSize) {
        return Math.min(diskSize, wholePages(ramBytes / ADVISABLE_MEM_LIMIT_DIVISOR));
    }

    private long defaultBackedCeiling(long backingBytes) {
        return Math.min(backingBytes, wholePages(ramBytes / 100 * DEFAULT_MEM_LIMIT_PERCENT));
    }

    private static long wholePages(long bytes) {
        return bytes - bytes % DeviceSettings.PAGE_SIZE;
    }

    private static String kilobytes(long bytes) {
        return (bytes >> 10) + " kB";
    }
}
