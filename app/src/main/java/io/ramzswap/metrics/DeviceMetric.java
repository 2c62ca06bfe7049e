package io.ramzswap.metrics;

import io.ramzswap.backing.BackingState;
import io.ramzswap.device.DeviceStatistics;
import java.util.function.ToDoubleFunction;

/** What is told of each device, with its name as the label {@code device}. */
enum DeviceMetric {
    SIZE("size_bytes", "Limit on uncompressed data: the size of the swap area.", DeviceStatistics::diskSizeBytes),
    MEMORY_CEILING(
            "memory_ceiling_bytes",
            "What the memory used cannot pass, given or by default.",
            DeviceStatistics::memCeilingBytes),
    MEMORY_USED(
            "memory_used_bytes",
            "All memory used for pages: arena, page table and allocator metadata.",
            DeviceStatistics::memUsedTotalBytes),
    MEMORY_RESERVE(
            "memory_reserve_bytes",
            "Memory held ready for pages to come, not part of the memory used.",
            DeviceStatistics::reserveBytes),
    ORIGINAL("original_bytes", "Uncompressed size of the stored pages.", DeviceStatistics::origDataBytes),
    COMPRESSED("compressed_bytes", "Compressed size of the stored pages.", DeviceStatistics::comprDataBytes),
    STORED("stored_pages", "Pages held in memory, same-filled ones apart.", DeviceStatistics::pagesStored),
    SAME_FILLED("same_filled_pages", "Pages of one repeated word, which take no memory.", DeviceStatistics::zeroPages),
    GOOD_COMPRESS(
            "good_compress_ratio",
            "Share of the stored pages that compressed to half a page or less.",
            statistics -> statistics.goodCompressPercent() / 100.0),
    INCOMPRESSIBLE(
            "incompressible_ratio",
            "Share of the stored pages that are kept as they are.",
            statistics -> statistics.noCompressPercent() / 100.0),
    READ("read_pages_total", "Pages asked for, failed ones included.", DeviceStatistics::numReads),
    WRITTEN("written_pages_total", "Pages offered, refused ones included.", DeviceStatistics::numWrites),
    FAILED_READ("failed_read_pages_total", "Pages that could not be given back.", DeviceStatistics::failedReads),
    FAILED_WRITE("failed_write_pages_total", "Pages refused.", DeviceStatistics::failedWrites),
    CORRUPT(
            "corrupt_pages_total",
            "Pages that failed their check when read, part of the failed reads.",
            DeviceStatistics::corruptPages),
    FREED(
            "freed_pages_total",
            "Stored pages freed by TRIM, by WRITE_ZEROES or by the slot-free notifier.",
            DeviceStatistics::notifyFree),
    INVALID("invalid_requests_total", "Requests out of range, or not of whole pages.", DeviceStatistics::invalidIo),
    RESERVE_WAITS(
            "reserve_waits_total",
            "Times a write found the reserve empty and waited for it.",
            DeviceStatistics::reserveWaits),
    COMPACTION_PAUSES(
            "compaction_pauses_total",
            "Times compaction stood back because the reserve was short.",
            DeviceStatistics::compactionPauses),
    BACKING_HEALTHY(
            "backing_healthy",
            "1 if the device has a backing swap that does what it is asked, else 0.",
            statistics -> statistics.backing().state().equals(BackingState.HEALTHY.label()) ? 1 : 0),
    BACKING_PAGES(
            "backing_pages",
            "Pages on the backing swap.",
            statistics -> statistics.backing().pages()),
    BACKING_COMPRESSED(
            "backing_compressed_bytes",
            "What the pages take on a backing swap that is a log.",
            statistics -> statistics.backing().tiers().compressedBytes()),
    BACKING_READ(
            "backing_read_pages_total",
            "Pages read from the backing swap, or tried.",
            statistics -> statistics.backing().numReads()),
    BACKING_WRITTEN(
            "backing_written_pages_total",
            "Pages sent to the backing swap.",
            statistics -> statistics.backing().numWrites()),
    BACKING_FAILED_READ(
            "backing_failed_read_pages_total",
            "Pages that the backing swap did not give.",
            statistics -> statistics.backing().failedReads()),
    BACKING_FAILED_WRITE(
            "backing_failed_write_pages_total",
            "Pages that the backing swap did not take.",
            statistics -> statistics.backing().failedWrites()),
    BACKING_CORRUPT(
            "backing_corrupt_pages_total",
            "Pages that the backing swap gave back changed.",
            statistics -> statistics.backing().corruptReads()),
    WRITTEN_BACK(
            "written_back_pages_total",
            "Pages moved to the backing swap because nobody used them.",
            statistics -> statistics.backing().tiers().writtenBackPages()),
    BROUGHT_BACK(
            "brought_back_pages_total",
            "Pages moved to memory because they were used again.",
            statistics -> statistics.backing().tiers().broughtBackPages()),
    BACKING_WRITTEN_BYTES(
            "backing_written_bytes_total",
            "All that was sent to a backing swap that is a log.",
            statistics -> statistics.backing().tiers().writtenBytes()),
    BACKING_CLEANED_BYTES(
            "backing_cleaned_bytes_total",
            "What was copied within the log, part of what was sent.",
            statistics -> statistics.backing().tiers().cleanedBytes()),
    BACKING_SEGMENTS(
            "backing_segments",
            "Segments of the log.",
            statistics -> statistics.backing().tiers().segments()),
    BACKING_FREE_SEGMENTS(
            "backing_free_segments",
            "Segments of the log that nothing is in.",
            statistics -> statistics.backing().tiers().freeSegments()),
    WRITE_BACK_BUDGET_LEFT(
            "write_back_budget_left_bytes",
            "What may still be written back in this hour, where there is a limit.",
            statistics -> statistics.backing().tiers().budgetLeftBytes());

    private static final String TOTAL = "_total";

    private final String name;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final ToDoubleFunction<DeviceStatistics> value;

    DeviceMetric(String name, String help, ToDoubleFunction<DeviceStatistics> value) {
        this.name = name;
        this.help = help;
        this.value = value;
    }

    /** As the library wants it: it adds the ending of counters. */
    String baseName() {
        return "ramzswap_device_" + (isCounter() ? name.substring(0, name.length() - TOTAL.length()) : name);
    }

    boolean isCounter() {
        return name.endsWith(TOTAL);
    }

    String help() {
        return help;
    }

    double value(DeviceStatistics statistics) {
        return value.applyAsDouble(statistics);
    }
}
