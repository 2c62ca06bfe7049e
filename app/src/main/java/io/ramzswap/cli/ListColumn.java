package io.ramzswap.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import io.ramzswap.device.DeviceReport;
import io.ramzswap.host.ByteText;
import io.ramzswap.host.Host;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The columns of {@code rzscontrol list}: zramctl's, as far as there is such a thing here, and a few of our own. */
enum ListColumn {
    NAME("name", Kind.TEXT, row -> row.device().name()),
    ALGORITHM("algorithm", Kind.TEXT, row -> row.device().compressor()),
    ALLOCATOR("allocator", Kind.TEXT, row -> row.device().allocator()),
    DISKSIZE("diskSizeBytes", Kind.BYTES, row -> row.device().statistics().diskSizeBytes()),
    DATA("dataBytes", Kind.BYTES, row -> row.device().statistics().heldBytes()),
    COMPR("comprDataBytes", Kind.BYTES, row -> row.device().statistics().comprDataBytes()),
    TOTAL("memUsedTotalBytes", Kind.BYTES, row -> row.device().statistics().memUsedTotalBytes()),
    COMP_RATIO("ratio", Kind.RATIO, Row::ratio),
    BACKING("backingBytes", Kind.BYTES, Row::backingBytes),
    STREAMS("streams", Kind.COUNT, Row::streams),
    ZERO_PAGES("zeroPages", Kind.COUNT, row -> row.device().statistics().zeroPages()),
    MEM_LIMIT("memLimitBytes", Kind.BYTES, Row::memLimitBytes),
    MOUNTPOINT("mountPoint", Kind.TEXT, Row::mountPoint);

    /** What is shown unless somebody chooses. */
    static final List<ListColumn> DEFAULT =
            List.of(NAME, ALGORITHM, DISKSIZE, DATA, COMPR, TOTAL, COMP_RATIO, STREAMS, MOUNTPOINT);

    /** The same for devices with a backing swap. */
    static final List<ListColumn> DEFAULT_WITH_BACKING =
            List.of(NAME, ALGORITHM, DISKSIZE, DATA, COMPR, TOTAL, COMP_RATIO, BACKING, STREAMS, MOUNTPOINT);

    private final String jsonName;
    private final Kind kind;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final Function<Row, Object> value;

    private enum Kind {
        TEXT,
        COUNT,
        BYTES,
        RATIO
    }

    /**
     * What a line is made from. A figure that there is not is null inside this class, and never leaves it.
     *
     * @param host where the device may be mounted
     */
    record Row(DeviceReport device, Host host) {
        private Object backingBytes() {
            return hasBacking() ? device.statistics().backedBytes() : null;
        }

        boolean hasBacking() {
            return device.statistics().backing().isPresent();
        }

        private Object ratio() {
            OptionalDouble ratio = device.statistics().ratio();
            return ratio.isPresent() ? ratio.getAsDouble() : null;
        }

        /** The driver has a hardware queue for each connection. */
        private Object streams() {
            int queues = host.names("/sys/block/" + device.name().replace("/dev/", "") + "/mq", "[0-9]*")
                    .size();
            return queues == 0 ? null : queues;
        }

        private Object memLimitBytes() {
            long limit = device.statistics().memLimitBytes();
            return limit == 0 ? null : limit;
        }

        private Object mountPoint() {
            return host.mountPoint(device.name()).orElse(null);
        }
    }

    ListColumn(String jsonName, Kind kind, Function<Row, Object> value) {
        this.jsonName = jsonName;
        this.kind = kind;
        this.value = value;
    }

    /** The heading, and the name that --output takes. */
    String label() {
        return name().replace('_', '-');
    }

    String jsonName() {
        return jsonName;
    }

    boolean isRightAligned() {
        return kind != Kind.TEXT;
    }

    /** For people, or for programs that want bytes; empty if there is no such figure. */
    String text(Row row, boolean inBytes) {
        Object found = value.apply(row);
        if (found == null) {
            return "";
        }
        return switch (kind) {
            case TEXT, COUNT -> found.toString();
            case BYTES -> inBytes ? found.toString() : ByteText.of((Long) found);
            case RATIO -> String.format(Locale.ROOT, "%.2f", (Double) found);
        };
    }

    JsonElement json(Row row) {
        Object found = value.apply(row);
        if (found == null) {
            return JsonNull.INSTANCE;
        }
        if (kind == Kind.RATIO) {
            return new JsonPrimitive(Math.round((Double) found * 1000) / 1000.0);
        }
        return found instanceof Number number ? new JsonPrimitive(number) : new JsonPrimitive(found.toString());
    }

    /** The column of that name, whatever its case. */
    static Optional<ListColumn> of(String label) {
        return Arrays.stream(values())
                .filter(column -> column.label().equalsIgnoreCase(label))
                .findFirst();
    }

    /** All names, for a message. */
    static String labels() {
        return Arrays.stream(values()).map(ListColumn::label).collect(Collectors.joining(", "));
    }
}
