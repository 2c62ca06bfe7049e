package io.ramzswap.daemon;

import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingSwapOpener;
import io.ramzswap.device.DeviceFootprint;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.process.AvailableMemory;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What a device is made with when a user gave this or that, with the defaults and the warnings of the driver of 2009.
 *
 * The driver of 2009 took a memlimit that cannot be for none at all, with a warning. That holds for 0, and for one above the
 * disksize, where a device is initialised; everywhere else, and for a memlimit of less than a page, it is refused.
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
 * @param available tells what this process could take of it now
 * @param storeBytes what a device may take where a control group kills beyond its limit; empty without such a limit
 */
public record SettingsPolicy(long ramBytes, Supplier<AvailableMemory> available, OptionalLong storeBytes) {
    private static final int DEFAULT_DISK_SIZE_DIVISOR = 4;
    private static final int DEFAULT_MEM_LIMIT_PERCENT = 15;
    private static final int ADVISABLE_DISK_SIZE_FACTOR = 2;
    private static final int ADVISABLE_MEM_LIMIT_DIVISOR = 2;
    private static final int METADATA_SHARE = 32;
    private static final long METADATA_BYTES = 2 << 20;

    /** Of what is available, this share stays for all others. */
    private static final int OTHERS_SHARE = 8;

    /** For a machine on which all that anybody asks for is available. */
    public SettingsPolicy(long ramBytes) {
        this(ramBytes, () -> AvailableMemory.UNBOUNDED);
    }

    /** Where no control group limits what a device may take. */
    public SettingsPolicy(long ramBytes, Supplier<AvailableMemory> available) {
        this(ramBytes, available, OptionalLong.empty());
    }

    /** Where a control group does, and all that anybody asks for is available. */
    SettingsPolicy(long ramBytes, OptionalLong storeBytes) {
        this(ramBytes, () -> AvailableMemory.UNBOUNDED, storeBytes);
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
        if (!isPossibleDiskSize(bytes)) {
            throw new OperationException(
                    Refusal.INVALID_VALUE,
                    "a disksize of " + kilobytes(bytes) + " is not possible: it goes from "
                            + kilobytes(DeviceSettings.MIN_DISK_SIZE_BYTES) + " to "
                            + kilobytes(DeviceSettings.MAX_DISK_SIZE_BYTES));
        }
    }

    private static boolean isPossibleDiskSize(long bytes) {
        return bytes >= DeviceSettings.MIN_DISK_SIZE_BYTES && bytes <= DeviceSettings.MAX_DISK_SIZE_BYTES;
    }

    /**
     * Checks a memlimit that a user gave, as far as that can be done without a disksize.
     *
     * @throws OperationException INVALID_VALUE if it is less than a page and not 0, which says that there is none
     */
    static void checkMemLimit(long bytes) throws OperationException {
        if (bytes != 0 && wholePages(bytes) <= 0) {
            throw impossibleMemLimit(bytes, "the disksize");
        }
    }

    /**
     * Checks a memlimit for a device of this size, in all places but an init of 2009's kind.
     *
     * @throws OperationException INVALID_VALUE if it is not from a page to {@code diskSizeBytes}
     */
    static void requireMemLimit(long bytes, long diskSizeBytes) throws OperationException {
        if (wholePages(bytes) <= 0 || wholePages(bytes) > diskSizeBytes) {
            throw impossibleMemLimit(bytes, "the disksize, " + kilobytes(diskSizeBytes));
        }
    }

    private static OperationException impossibleMemLimit(long bytes, String most) {
        String shown = bytes > 0 && bytes < 1 << 10 ? bytes + " bytes" : kilobytes(bytes);
        return new OperationException(
                Refusal.INVALID_VALUE,
                "a memlimit of " + shown + " is not possible: it goes from " + kilobytes(DeviceSettings.PAGE_SIZE)
                        + " to " + most);
    }

    /**
     * Checks that a memory limit leaves room for pages.
     *
     * @param backing how the backing swap is used, if there is one
     * @throws OperationException INVALID_VALUE if not
     */
    static void requirePageRoom(DeviceSettings settings, Optional<BackingOptions> backing) throws OperationException {
        long least = DeviceFootprint.leastMemLimitBytes(settings.diskSizeBytes(), backing);
        if (settings.memLimitGiven() && settings.memLimitBytes() < least) {
            throw new OperationException(Refusal.INVALID_VALUE, DeviceFootprint.tooSmall(settings, least));
        }
    }

    /**
     * Checks that there is memory for the tables and the reserves of devices that are about to be made, all together.
     *
     * @throws OperationException NO_MEMORY if not, with both figures
     */
    void requireMemory(long tablesAndReserveBytes) throws OperationException {
        AvailableMemory memory = available.get();
        if (tablesAndReserveBytes > memory.bytes() - memory.bytes() / OTHERS_SHARE) {
            throw new OperationException(
                    Refusal.NO_MEMORY,
                    "tables and reserve take " + kilobytes(tablesAndReserveBytes) + " before the first page, and "
                            + kilobytes(memory.bytes()) + " are available (" + memory.bound()
                            + "), of which one part in "
                            + OTHERS_SHARE + " is left to others: lower disksize");
        }
    }

    /**
     * Checks the same for devices with these settings. A backing swap that cannot be looked at now counts for nothing.
     *
     * @throws OperationException NO_MEMORY if not, with both figures; INVALID_VALUE if one cannot have its disksize
     */
    public void requireMemory(List<RequestedSettings> devices) throws OperationException {
        long sum = 0;
        for (RequestedSettings device : devices) {
            sum += initialBytes(device);
        }
        requireMemory(sum);
    }

    private long initialBytes(RequestedSettings device) throws OperationException {
        if (device.diskSizeBytes().isPresent()) {
            checkDiskSize(device.diskSizeBytes().getAsLong());
        }
        OptionalLong backingBytes = device.backing()
                .map(swap -> BackingSwapOpener.sizeBytes(swap.path()))
                .orElseGet(OptionalLong::empty);
        if (device.backing().isPresent() && !isPossibleDiskSize(backingBytes.orElse(0))) {
            return 0;
        }
        return initialBytes(
                decide(device.diskSizeBytes(), device.memLimitBytes(), backingBytes)
                        .settings(),
                device.backingOptions());
    }

    /** Tables and reserve of one device. */
    long initialBytes(DeviceSettings settings, Optional<BackingOptions> backing) {
        return DeviceFootprint.initialBytes(settings, backing, ramBytes);
    }

    /**
     * Decides on another memory limit for a device in use.
     *
     * @throws OperationException INVALID_VALUE if it cannot have that one
     */
    Decision change(DeviceSettings current, long memLimitBytes) throws OperationException {
        requireMemLimit(memLimitBytes, current.diskSizeBytes());
        Decision decision = decide(current.diskSizeBytes(), OptionalLong.of(memLimitBytes), 0, new ArrayList<>());
        DeviceSettings changed =
                decision.settings().withAllocator(current.allocator()).withCompressor(current.compressor());
        return new Decision(changed, decision.warnings());
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
                            + "): pages are expected to compress to half; its tables take "
                            + DeviceFootprint.tablesShare(Optional.empty()) + " of its size even while it is empty");
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
        return ceiling
                + ceiling / METADATA_SHARE
                + DeviceFootprint.tablesBytes(diskSize, Optional.empty())
                + METADATA_BYTES;
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
