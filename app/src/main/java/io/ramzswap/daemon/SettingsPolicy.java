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
 * @param ramBytes the memory that this process may use
 * @param storeBytes what a device may take where a control group kills beyond its limit; empty without such a limit
 */
public record SettingsPolicy(long ramBytes, OptionalLong storeBytes) {
    private static final int DEFAULT_DISK_SIZE_DIVISOR = 4;
    private static final int DEFAULT_MEM_LIMIT_PERCENT = 15;
    private static final int ADVISABLE_DISK_SIZE_FACTOR = 2;
    private static final int ADVISABLE_MEM_LIMIT_DIVISOR = 2;
    private static final int METADATA_SHARE = 32;
    private static final int TABLE_SHARE = 256;
    private static final long METADATA_BYTES = 2 << 20;

    /** Where no control group limits memory. */
    public SettingsPolicy(long ramBytes) {
        this(ramBytes, OptionalLong.empty());
    }

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
        if (memLimit > 0) {
            warnOfMoreThanTheGroupLeaves(memLimit, warnings);
            return new Decision(new DeviceSettings(diskSize, memLimit, true), List.copyOf(warnings));
        }
        if (storeBytes.isPresent() && storeBytes.getAsLong() < withMetadata(defaultCeiling, diskSize)) {
            long limit = Math.max(DeviceSettings.PAGE_SIZE, wholePages(storeBytes.getAsLong()));
            warnings.add("the memlimit is " + kilobytes(limit)
                    + ", because the control group of the daemon leaves no more memory; writes beyond it are refused");
            return new Decision(new DeviceSettings(diskSize, limit, true), List.copyOf(warnings));
        }
        return new Decision(new DeviceSettings(diskSize, defaultCeiling, false), List.copyOf(warnings));
    }

    private void warnOfMoreThanTheGroupLeaves(long memLimit, List<String> warnings) {
        if (storeBytes.isPresent() && memLimit > storeBytes.getAsLong()) {
            warnings.add(
                    "a memlimit of " + kilobytes(memLimit) + " is more than the control group of the daemon leaves, "
                            + kilobytes(storeBytes.getAsLong()) + ": the daemon is killed before the device is full");
        }
    }

    /** A default limit covers pages alone. */
    private static long withMetadata(long ceiling, long diskSize) {
        return ceiling + ceiling / METADATA_SHARE + diskSize / TABLE_SHARE + METADATA_BYTES;
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
