package io.ramzswap.device;

import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.table.AccessAges;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.WriteStamps;
import java.util.Locale;
import java.util.Optional;

/** The memory that a device takes before it holds a page. */
public final class DeviceFootprint {
    private DeviceFootprint() {}

    /** What a device's tables take for each page of its disksize, in words, as "0.29 %". */
    public static String tablesShare(Optional<BackingOptions> backing) {
        boolean hasAges =
                backing.filter(options -> options.layout() == BackingLayout.LOG).isPresent();
        int slotBytes = PageTable.WORD_BYTES + WriteStamps.STAMP_BYTES + (hasAges ? AccessAges.AGE_BYTES : 0);
        return String.format(Locale.ROOT, "%.2f %%", slotBytes * 100.0 / DeviceSettings.PAGE_SIZE);
    }

    /**
     * The tables of a device, and what has to be known of its backing swap.
     *
     * @param diskSizeBytes a disksize that a device can have
     * @param backing how its backing swap is used, if it has one
     */
    public static long tablesBytes(long diskSizeBytes, Optional<BackingOptions> backing) {
        int slots = (int) (diskSizeBytes / DeviceSettings.PAGE_SIZE);
        return DeviceTables.bytes(slots)
                + backing.map(options -> BackingTier.bytes(slots, options)).orElse(0L);
    }

    /**
     * The memory that is populated at the start: tables and reserve.
     *
     * @param ramBytes the machine's memory
     */
    public static long initialBytes(DeviceSettings settings, Optional<BackingOptions> backing, long ramBytes) {
        long tables = tablesBytes(settings.diskSizeBytes(), backing);
        long most = settings.memLimitGiven() ? settings.memLimitBytes() - tables : settings.memLimitBytes();
        return tables + Math.max(0, Math.min(ReserveSize.of(ramBytes), most));
    }

    /**
     * The memory limit of {@code settings} is less than {@code leastBytes}, in words.
     *
     * @param leastBytes as {@link #leastMemLimitBytes}
     */
    public static String tooSmall(DeviceSettings settings, long leastBytes) {
        return "a memlimit of " + kilobytes(settings.memLimitBytes()) + " is too small for a disksize of "
                + kilobytes(settings.diskSizeBytes()) + ", which takes " + kilobytes(leastBytes)
                + " before the first page: raise memlimit or lower disksize";
    }

    private static String kilobytes(long bytes) {
        return (bytes >> 10) + " kB";
    }

    /**
     * The least memory limit that leaves room for pages.
     *
     * @param diskSizeBytes a disksize that a device can have
     */
    public static long leastMemLimitBytes(long diskSizeBytes, Optional<BackingOptions> backing) {
        return tablesBytes(diskSizeBytes, backing) + DeviceMemory.LEAST_ARENA_BYTES;
    }
}
