package io.ramzswap.cli;

import io.ramzswap.device.DeviceStatistics;

/**
 * The statistics as rzscontrol has printed them since compcache 0.6, to the byte: a label, a colon, a tab, the figure right
 * aligned in eight places, and its unit. Lines about a backing swap are left out while there is none.
 */
final class StatisticsReport {
    private static final int KILOBYTE_SHIFT = 10;

    private final StringBuilder text = new StringBuilder(512);

    private StatisticsReport() {}

    /** The report, its last newline included. */
    static String of(DeviceStatistics statistics) {
        return new StatisticsReport().add(statistics).text.toString();
    }

    private StatisticsReport add(DeviceStatistics statistics) {
        kilobytes("DiskSize", statistics.diskSizeBytes());
        if (statistics.memLimitBytes() != 0) {
            kilobytes("MemLimit", statistics.memLimitBytes());
        }
        count("NumReads", statistics.numReads());
        count("NumWrites", statistics.numWrites());
        count("FailedReads", statistics.failedReads());
        count("FailedWrites", statistics.failedWrites());
        count("InvalidIO", statistics.invalidIo());
        count("NotifyFree", statistics.notifyFree());
        count("ZeroPages", statistics.zeroPages());
        percent("GoodCompress", statistics.goodCompressPercent());
        percent("NoCompress", statistics.noCompressPercent());
        count("PagesStored", statistics.pagesStored());
        count("PagesUsed", statistics.pagesUsed());
        kilobytes("OrigDataSize", statistics.origDataBytes());
        kilobytes("ComprDataSize", statistics.comprDataBytes());
        kilobytes("MemUsedTotal", statistics.memUsedTotalBytes());
        return this;
    }

    private void kilobytes(String label, long bytes) {
        line(label, bytes >> KILOBYTE_SHIFT, " kB");
    }

    private void percent(String label, int percent) {
        line(label, percent, " %");
    }

    private void count(String label, long count) {
        line(label, count, "");
    }

    private void line(String label, long figure, String unit) {
        text.append(label)
                .append(":\t")
                .append(String.format("%8d", figure))
                .append(unit)
                .append('\n');
    }
}
