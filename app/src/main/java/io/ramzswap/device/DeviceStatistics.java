package io.ramzswap.device;

import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.backing.BackingStatistics;
import java.util.OptionalDouble;

/**
 * The figures of {@code rzscontrol --stats}, under its names of 2009, and what we add to them. A snapshot taken without
 * stopping I/O: each figure is true, but they may differ by the requests under way.
 *
 * @param diskSizeBytes limit on uncompressed data
 * @param memLimitBytes the memory limit that a person gave or, with a backing swap, the default one; or 0
 * @param numReads pages asked for, failed ones included
 * @param numWrites pages offered, refused ones included
 * @param failedReads pages that could not be given back
 * @param failedWrites pages refused
 * @param invalidIo requests out of range or not of whole pages
 * @param notifyFree stored pages freed by TRIM, by WRITE_ZEROES or by the slot-free notifier
 * @param zeroPages same-filled pages held; they are not in {@code pagesStored}
 * @param goodCompressPercent share of {@code pagesStored} that compressed to half a page or less
 * @param noCompressPercent share of {@code pagesStored} that is stored as it is
 * @param pagesStored pages held in memory
 * @param pagesUsed {@code memUsedTotalBytes} in pages
 * @param origDataBytes {@code pagesStored} in bytes
 * @param comprDataBytes what those pages were compressed to
 * @param memUsedTotalBytes memory used for them: arena, page table and allocator metadata
 * @param corruptPages pages, words of the page table and records of memory that failed their check: when read, as part of {@code
 *     failedReads}, or when freed
 * @param memCeilingBytes what {@code memUsedTotalBytes} cannot pass, given or by default
 * @param reserveBytes memory held ready for pages to come; not part of {@code memUsedTotalBytes}
 * @param reserveWaits times a write found the reserve empty and waited for it
 * @param compactionPauses times compaction stood back because the reserve was short
 * @param eventFree what the slot-free notifier freed; part of {@code notifyFree}
 * @param backing the backing swap
 */
public record DeviceStatistics(
        long diskSizeBytes,
        long memLimitBytes,
        long numReads,
        long numWrites,
        long failedReads,
        long failedWrites,
        long invalidIo,
        long notifyFree,
        long zeroPages,
        int goodCompressPercent,
        int noCompressPercent,
        long pagesStored,
        long pagesUsed,
        long origDataBytes,
        long comprDataBytes,
        long memUsedTotalBytes,
        long corruptPages,
        long memCeilingBytes,
        long reserveBytes,
        long reserveWaits,
        long compactionPauses,
        long eventFree,
        BackingStatistics backing) {
    private static final int PAGE_SIZE = SharedMemory.PAGE_BYTES;

    /** With less, nearly all memory used is tables, which tell nothing of how well pages compress. */
    private static final double LEAST_RATIO = 0.5;

    /** Uncompressed size of the pages in memory, same-filled ones included. */
    public long heldBytes() {
        return origDataBytes + zeroPages * PAGE_SIZE;
    }

    /** Uncompressed size of the pages on the backing swap. */
    public long backedBytes() {
        return backing.pages() * PAGE_SIZE;
    }

    /** How much larger the pages in memory are than all memory used; empty while memory holds next to no page. */
    public OptionalDouble ratio() {
        return ratio(heldBytes(), memUsedTotalBytes);
    }

    /** The same of several devices: of the pages in their memory, and of the memory used. */
    public static OptionalDouble ratio(long heldBytes, long usedBytes) {
        double ratio = usedBytes == 0 ? 0 : (double) heldBytes / usedBytes;
        return ratio < LEAST_RATIO ? OptionalDouble.empty() : OptionalDouble.of(ratio);
    }
}
