package io.ramzswap.allocator.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** What was measured: lines of {@code allocator<TAB>workload<TAB>figure<TAB>value}, in the order they came. */
final class BenchResults {
    private static final int FIELDS = 4;

    private final Map<String, Map<String, Map<String, Double>>> byWorkload = new LinkedHashMap<>();

    private BenchResults() {}

    static BenchResults read(Path file) throws IOException {
        BenchResults results = new BenchResults();
        for (String line : Files.readAllLines(file)) {
            String[] fields = line.split("\t", FIELDS);
            results.byWorkload
                    .computeIfAbsent(fields[1], workload -> new LinkedHashMap<>())
                    .computeIfAbsent(fields[0], allocator -> new LinkedHashMap<>())
                    .put(fields[2], Double.valueOf(fields[3]));
        }
        return results;
    }

    Set<String> workloads() {
        return byWorkload.keySet();
    }

    Set<String> allocators(String workload) {
        return byWorkload.get(workload).keySet();
    }

    OptionalDouble value(String workload, String allocator, String figure) {
        Double value =
                byWorkload.get(workload).getOrDefault(allocator, Map.of()).get(figure);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
