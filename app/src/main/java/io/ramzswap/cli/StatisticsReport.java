package io.ramzswap.cli;

import io.ramzswap.backing.BackingStatistics;
import io.ramzswap.backing.TierStatistics;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.notify.NotifyStatistics;
import io.ramzswap.notify.SwapStatistics;
import io.ramzswap.process.CpuLatencyStatistics;
import io.ramzswap.process.MemoryCgroup;
import io.ramzswap.process.ProcessStatistics;
import java.util.Locale;
import java.util.Optional;

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

    /** What {@code --verbose} adds, in the same form: figures that came after 2009, and how the daemon is protected. */
    static String more(DeviceStatistics statistics, Optional<SwapStatistics> swap, ProcessStatistics process) {
        StatisticsReport report = new StatisticsReport().addNewer(statistics);
        swap.ifPresent(kernels -> report.addSwap(statistics, kernels).addNotifier(kernels.notifier()));
        report.addProcess(process).addCgroup(process.cgroup()).addCpuLatency(process.cpuLatency());
        return report.text.toString();
    }

    private StatisticsReport addNewer(DeviceStatistics statistics) {
        addNewer(statistics.backing());
        count("CorruptPages", statistics.corruptPages());
        kilobytes("MemCeiling", statistics.memCeilingBytes());
        kilobytes("MemReserve", statistics.reserveBytes());
        count("ReserveWaits", statistics.reserveWaits());
        count("CompactionPauses", statistics.compactionPauses());
        count("TrimFree", statistics.notifyFree() - statistics.eventFree());
        count("EventFree", statistics.eventFree());
        return this;
    }

    private StatisticsReport addSwap(DeviceStatistics statistics, SwapStatistics swap) {
        count("SwapUsed", swap.usedPages());
        count("StalePages", swap.stalePages(statistics));
        return this;
    }

    private StatisticsReport addNotifier(NotifyStatistics notifier) {
        text.append("Notifier:\t")
                .append(notifier.state().name().toLowerCase(Locale.ROOT))
                .append(notifier.detail().isEmpty() ? "" : ", ")
                .append(notifier.detail())
                .append('\n');
        count("NotifyEvents", notifier.events());
        count("NotifyTooNew", notifier.tooNew());
        count("NotifyMissed", notifier.missed());
        count("NotifyForeign", notifier.foreign());
        count("NotifyRests", notifier.rests());
        kilobytes("NotifyBuffer", notifier.bufferBytes());
        return this;
    }

    private void addNewer(BackingStatistics backing) {
        if (backing.isPresent()) {
            text("BDevState", backing.state());
            count("BDevPages", backing.pages());
            count("BDevFailedReads", backing.failedReads());
            count("BDevFailedWrites", backing.failedWrites());
            count("BDevCorruptReads", backing.corruptReads());
            addTiers(backing.tiers());
        }
    }

    private void addTiers(TierStatistics tiers) {
        text("BDevLayout", tiers.layout() + (tiers.encrypted() ? ", encrypted" : ""));
        if (!tiers.isMoving()) {
            return;
        }
        kilobytes("BDevComprSize", tiers.compressedBytes());
        count("WrittenBack", tiers.writtenBackPages());
        count("BroughtBack", tiers.broughtBackPages());
        kilobytes("BDevWritten", tiers.writtenBytes());
        kilobytes("BDevCleaned", tiers.cleanedBytes());
        count("BDevSegments", tiers.segments());
        count("BDevFreeSegments", tiers.freeSegments());
        if (tiers.budgetBytes() != 0) {
            kilobytes("WriteBackLimit", tiers.budgetBytes());
            kilobytes("WriteBackLeft", tiers.budgetLeftBytes());
        }
        count("UsedInMinute", tiers.usedInMinutePages());
        count("UsedInTenMinutes", tiers.usedInTenMinutesPages());
        count("UsedInHour", tiers.usedInHourPages());
        count("Unused", tiers.unusedPages());
    }

    private StatisticsReport addProcess(ProcessStatistics process) {
        kilobytes("DaemonOwn", process.ownBytes());
        kilobytes("DaemonLocked", process.lockedBytes());
        kilobytes("DaemonUnlocked", process.unlockedBytes());
        kilobytes("DaemonSwapped", process.swappedBytes());
        count("Threads", process.threads());
        count("IoFlusherThreads", process.ioFlusherThreads());
        count("RealTimeThreads", process.realTimeThreads());
        count("OomScoreAdj", process.oomScoreAdj());
        return this;
    }

    private StatisticsReport addCgroup(MemoryCgroup cgroup) {
        limit("CgroupMax", cgroup.maxBytes());
        limit("CgroupHigh", cgroup.highBytes());
        kilobytes("CgroupMin", cgroup.minBytes());
        return this;
    }

    private StatisticsReport addCpuLatency(CpuLatencyStatistics latency) {
        if (latency.micros() == CpuLatencyStatistics.NO_LIMIT) {
            none("CpuLatency");
        } else {
            line("CpuLatency", latency.micros(), " us");
        }
        count("CpuLatencyAsked", latency.asked());
        return this;
    }

    private void none(String label) {
        text.append(label).append(":\t    none\n");
    }

    private void limit(String label, long bytes) {
        if (bytes == MemoryCgroup.NONE) {
            none(label);
        } else {
            kilobytes(label, bytes);
        }
    }

    private StatisticsReport add(DeviceStatistics statistics) {
        BackingStatistics backing = statistics.backing();
        if (backing.isPresent()) {
            text("BackingSwap", backing.path());
        }
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
        if (backing.isPresent()) {
            count("BDevNumReads", backing.numReads());
            count("BDevNumWrites", backing.numWrites());
        }
        return this;
    }

    private void text(String label, String value) {
        text.append(label).append(":\t").append(value).append('\n');
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
