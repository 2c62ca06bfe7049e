package io.ramzswap.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.ramzswap.device.DeviceReport;
import io.ramzswap.host.Host;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Lists the devices, as zramctl does. */
@Command(
        name = "list",
        description = "Lists the devices that are initialised, as zramctl lists zram's.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footerHeading = "%nColumns:%n",
        footer = {
            "  NAME        device",
            "  ALGORITHM   compressor",
            "  ALLOCATOR   what cuts up the memory",
            "  DISKSIZE    limit on uncompressed data",
            "  DATA        uncompressed size of the pages in memory, same-filled ones included",
            "  COMPR       their compressed size",
            "  TOTAL       all memory they take: with what is lost between them, and tables",
            "  COMP-RATIO  DATA / TOTAL, of what memory holds; empty while that is next to nothing",
            "  BACKING     uncompressed size of the pages on the backing swap, which take no memory but their tables",
            "  STREAMS     connections to the kernel",
            "  ZERO-PAGES  same-filled pages, which take no memory",
            "  MEM-LIMIT   limit on memory used, if one was given",
            "  MOUNTPOINT  where the device is mounted, or [SWAP]"
        })
final class ListCommand implements Callable<Integer> {
    @ParentCommand
    private RzscontrolCommand rzscontrol;

    @ArgGroup
    private Columns columns;

    @Option(
            names = {"-b", "--bytes"},
            description = "Print sizes in bytes.")
    private boolean bytes;

    @Option(
            names = {"-n", "--noheadings"},
            description = "Print no headings.")
    private boolean noHeadings;

    @Option(names = "--raw", description = "One blank between columns, - for an empty one.")
    private boolean raw;

    @Option(
            names = {"-J", "--json"},
            description = "Print JSON; sizes are in bytes.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** Which columns; one way to say it at a time. */
    private static final class Columns {
        @Option(
                names = {"-o", "--output"},
                paramLabel = "LIST",
                description = "Columns to print, with commas between them.")
        private String chosen;

        @Option(names = "--output-all", description = "Print all columns.")
        private boolean all;
    }

    @Override
    public Integer call() throws FailureException {
        Optional<List<ListColumn>> chosen = columns();
        Host host = rzscontrol.host();
        List<ListColumn.Row> rows =
                DaemonLink.open(rzscontrol.control(), spec.commandLine().getErr(), DaemonLink::devices).stream()
                        .map((DeviceReport device) -> new ListColumn.Row(device, host))
                        .toList();
        List<ListColumn> shown = chosen.orElseGet(() -> defaults(rows));
        spec.commandLine().getOut().print(json ? json(shown, rows) : text(shown, rows));
        return ExitStatus.OK;
    }

    private static List<ListColumn> defaults(List<ListColumn.Row> rows) {
        return rows.stream().anyMatch(ListColumn.Row::hasBacking)
                ? ListColumn.DEFAULT_WITH_BACKING
                : ListColumn.DEFAULT;
    }

    /** Those that were chosen, if any were. */
    private Optional<List<ListColumn>> columns() {
        if (columns == null) {
            return Optional.empty();
        }
        if (columns.all) {
            return Optional.of(List.of(ListColumn.values()));
        }
        return Optional.of(Arrays.stream(columns.chosen.split(",", -1))
                .map(String::strip)
                .map(name -> ListColumn.of(name)
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(),
                                "there is no column '" + name + "': there are " + ListColumn.labels())))
                .toList());
    }

    private String text(List<ListColumn> shown, List<ListColumn.Row> rows) {
        Table table = new Table(shown.stream().map(ListColumn::isRightAligned).toList());
        if (!noHeadings && !rows.isEmpty()) {
            table.add(shown.stream().map(ListColumn::label).toList());
        }
        rows.forEach(row ->
                table.add(shown.stream().map(column -> column.text(row, bytes)).toList()));
        return raw ? table.raw() : table.aligned();
    }

    private static String json(List<ListColumn> shown, List<ListColumn.Row> rows) {
        JsonArray devices = new JsonArray();
        for (ListColumn.Row row : rows) {
            JsonObject device = new JsonObject();
            shown.forEach(column -> device.add(column.jsonName(), column.json(row)));
            devices.add(device);
        }
        JsonObject answer = new JsonObject();
        answer.add("devices", devices);
        return Json.text(answer);
    }
}
