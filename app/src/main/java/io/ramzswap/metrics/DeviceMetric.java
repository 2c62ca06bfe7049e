package io.ramzswap.metrics;

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
            DeviceStatistics::compactionPauses);

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
