package io.ramzswap.top;

import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.device.DeviceReport;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.host.ByteText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * The screen as lines. A rate needs two moments; where there is one, or the device was not there before, it is a dash.
 *
 * @param width columns there are; longer lines are cut
 * @param height lines there are; what does not fit is counted
 */
public record Screen(int width, int height) {
    private static final int PAGE_SIZE = SharedMemory.PAGE_BYTES;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int BAR_WIDTH = 20;
    private static final int RIGHT_COLUMN = 40;
    private static final double PRESSURE_TO_WATCH = 1;
    private static final double PRESSURE_TO_FEAR = 10;
    private static final AttributedStyle GOOD = AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
    private static final AttributedStyle WATCH = AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW);
    private static final AttributedStyle BAD = AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);
    private static final String UNKNOWN = "-";
    private static final String COLUMNS = "%-10s %8s %8s %8s %6s %8s %8s %7s %8s";

    /** What {@code now} looks like. */
    public List<AttributedString> lines(Optional<Moment> before, Moment now) {
        List<AttributedString> lines = new ArrayList<>();
        lines.add(memory(now.memory()));
        lines.add(stored(now));
        lines.add(AttributedString.EMPTY);
        lines.add(new AttributedString(
                String.format(
                        COLUMNS,
                        "DEVICE",
                        "SIZE",
                        "DATA",
                        "TOTAL",
                        "RATIO",
                        "READ/s",
                        "WRITE/s",
                        "ms/READ",
                        "ms/WRITE"),
                AttributedStyle.BOLD));
        List<String> alarms =
                now.devices().stream().flatMap(device -> alarm(device).stream()).toList();
        int room = height - lines.size() - (alarms.isEmpty() ? 0 : alarms.size() + 1);
        boolean roomy = now.devices().size() * 2 <= room;
        int shown = roomy ? now.devices().size() : Math.min(now.devices().size(), Math.max(0, room));
        if (shown < now.devices().size()) {
            shown = Math.max(0, room - 1);
        }
        for (DeviceReport device : now.devices().subList(0, shown)) {
            lines.add(new AttributedString(device(device, before, now)));
            if (roomy) {
                lines.add(more(
                        device.statistics(),
                        before.flatMap(then -> then.statistics(device.name())),
                        seconds(before, now)));
            }
        }
        if (shown < now.devices().size()) {
            lines.add(new AttributedString("and " + (now.devices().size() - shown) + " more"));
        }
        if (!alarms.isEmpty()) {
            lines.add(AttributedString.EMPTY);
            alarms.forEach(alarm -> lines.add(new AttributedString(alarm, BAD)));
        }
        return lines.stream().map(line -> line.columnSubSequence(0, width)).toList();
    }

    private static AttributedString memory(Moment.Memory memory) {
        String left =
                "memory   " + text(memory.totalBytes()) + " total, " + text(memory.availableBytes()) + " available";
        String right = "pressure  some " + percent(memory.some()) + "  full " + percent(memory.full());
        return leftOf(left).append(right, pressure(memory)).toAttributedString();
    }

    /** Begins a line whose right half begins in the same column as that of others. */
    private static AttributedStringBuilder leftOf(String left) {
        return new AttributedStringBuilder().append(left).append(" ".repeat(Math.max(2, RIGHT_COLUMN - left.length())));
    }

    private static AttributedStyle pressure(Moment.Memory memory) {
        double some = memory.some().map(Double::parseDouble).orElse(0.0);
        if (some < PRESSURE_TO_WATCH) {
            return AttributedStyle.DEFAULT;
        }
        return some < PRESSURE_TO_FEAR ? WATCH : BAD;
    }

    private static AttributedString stored(Moment now) {
        long data = sum(now, DeviceStatistics::heldBytes);
        long used = sum(now, DeviceStatistics::memUsedTotalBytes);
        long backed = sum(now, DeviceStatistics::backedBytes);
        String left = "held     " + ByteText.of(data) + " in " + ByteText.of(used) + " of memory"
                + (backed > 0 ? ", " + ByteText.of(backed) + " on disk" : "");
        String saved =
                "saved  " + ByteText.of(data + backed - used) + "  ratio " + ratio(DeviceStatistics.ratio(data, used));
        String daemon = "  daemon " + ByteText.of(now.daemonBytes());
        return leftOf(left).append(saved, AttributedStyle.BOLD).append(daemon).toAttributedString();
    }

    private static long sum(Moment now, ToLongFunction<DeviceStatistics> figure) {
        return now.devices().stream()
                .map(DeviceReport::statistics)
                .mapToLong(figure)
                .sum();
    }

    private static String device(DeviceReport device, Optional<Moment> before, Moment now) {
        DeviceStatistics statistics = device.statistics();
        Optional<DeviceStatistics> then = before.flatMap(moment -> moment.statistics(device.name()));
        double seconds = seconds(before, now);
        return String.format(
                COLUMNS,
                device.name(),
                ByteText.of(statistics.diskSizeBytes()),
                ByteText.of(statistics.heldBytes()),
                ByteText.of(statistics.memUsedTotalBytes()),
                ratio(statistics.ratio()),
                rate(then.map(old -> statistics.numReads() - old.numReads()), seconds),
                rate(then.map(old -> statistics.numWrites() - old.numWrites()), seconds),
                millis(device.name(), before, now, true),
                millis(device.name(), before, now, false));
    }

    private static AttributedString more(DeviceStatistics statistics, Optional<DeviceStatistics> then, double seconds) {
        // What is on the backing swap takes no memory, and has its slot all the same.
        long filledBytes = statistics.heldBytes() + statistics.backedBytes();
        double share = (double) filledBytes / statistics.diskSizeBytes();
        int filled = (int) Math.round(Math.min(1, share) * BAR_WIDTH);
        String bar = "[" + "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled) + "]";
        String text = String.format(
                Locale.ROOT,
                " %3.0f %% full,%s same-filled %s, incompressible %d %%, freed %s",
                share * 100,
                statistics.backing().isPresent() ? " on disk " + ByteText.of(statistics.backedBytes()) + "," : "",
                ByteText.of(statistics.zeroPages() * PAGE_SIZE),
                statistics.noCompressPercent(),
                rate(then.map(old -> statistics.notifyFree() - old.notifyFree()), seconds));
        AttributedStyle style = share < 0.75 ? GOOD : share < 0.95 ? WATCH : BAD;
        return new AttributedStringBuilder().append(bar, style).append(text).toAttributedString();
    }

    private static Optional<String> alarm(DeviceReport device) {
        DeviceStatistics statistics = device.statistics();
        List<String> counts = new ArrayList<>();
        add(counts, statistics.failedReads(), "reads failed");
        add(counts, statistics.failedWrites(), "writes refused");
        add(counts, statistics.corruptPages(), "pages damaged");
        add(counts, statistics.reserveWaits(), "waits for the reserve");
        return counts.isEmpty() ? Optional.empty() : Optional.of(device.name() + ": " + String.join(", ", counts));
    }

    private static void add(List<String> counts, long count, String what) {
        if (count > 0) {
            counts.add(count + " " + what);
        }
    }

    private static String millis(String device, Optional<Moment> before, Moment now, boolean read) {
        Latency then = before.map(moment -> moment.latencies().get(device)).orElse(null);
        Latency current = now.latencies().get(device);
        if (then == null || current == null) {
            return UNKNOWN;
        }
        double millis = read ? current.readMillisSince(then) : current.writeMillisSince(then);
        return Double.isFinite(millis) ? String.format(Locale.ROOT, "%.2f", millis) : UNKNOWN;
    }

    private static double seconds(Optional<Moment> before, Moment now) {
        return before.map(moment -> (now.nanos() - moment.nanos()) / NANOS_PER_SECOND)
                .orElse(Double.NaN);
    }

    private static String rate(Optional<Long> pages, double seconds) {
        // A device that was reset and initialised anew begins at 0.
        return pages.filter(count -> count >= 0)
                .map(count -> ByteText.of(Math.round(count * PAGE_SIZE / seconds)))
                .orElse(UNKNOWN);
    }

    private static String ratio(OptionalDouble ratio) {
        return ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : UNKNOWN;
    }

    private static String text(OptionalLong bytes) {
        return bytes.isPresent() ? ByteText.of(bytes.getAsLong()) : UNKNOWN;
    }

    private static String percent(Optional<String> share) {
        return share.map(text -> text + " %").orElse(UNKNOWN);
    }
}
