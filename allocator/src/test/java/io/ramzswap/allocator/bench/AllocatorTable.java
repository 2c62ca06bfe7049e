package io.ramzswap.allocator.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The figures as Markdown: a table for each workload, a column for each allocator. */
final class AllocatorTable {
    private static final String NOTE =
            "Memory used counts frames, control areas and the arena's metadata; of zram, what its zsmalloc says. "
                    + "What is to be reached is said of the default allocator, segment.";

    private final BenchResults results;

    AllocatorTable(BenchResults results) {
        this.results = results;
    }

    /** {@code circumstances}: the machine, its load, how much was measured. */
    String markdown(String circumstances) {
        List<String> lines = new ArrayList<>(List.of(circumstances, "", NOTE, ""));
        for (String workload : results.workloads()) {
            addTable(lines, workload);
        }
        return String.join("\n", lines) + "\n";
    }

    private void addTable(List<String> lines, String workload) {
        Collection<String> allocators = results.allocators(workload);
        lines.add("### " + workload);
        lines.add("");
        lines.add("| | to reach | " + String.join(" | ", allocators) + " |");
        lines.add("|---|---|" + "---:|".repeat(allocators.size()));
        for (Figure figure : Figure.values()) {
            lines.add("| " + figure.title + " | " + figure.toReach + " | "
                    + allocators.stream()
                            .map(allocator -> shown(results.value(workload, allocator, figure.key), figure.digits))
                            .collect(Collectors.joining(" | "))
                    + " |");
        }
        lines.add("");
    }

    private static String shown(OptionalDouble value, int digits) {
        return value.isEmpty() ? "–" : String.format(Locale.ROOT, "%." + digits + "f", value.getAsDouble());
    }
}
