package io.ramzswap.allocator.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code AllocatorReport RESULTS CIRCUMSTANCES TABLE PLOT}: makes a table and a plot of what was measured. */
public final class AllocatorReport {
    private AllocatorReport() {}

    /** See the class. */
    public static void main(String[] args) throws IOException {
        BenchResults results = BenchResults.read(Path.of(args[0]));
        Files.writeString(Path.of(args[2]), new AllocatorTable(results).markdown(args[1]));
        new AllocatorPlot(results).writeSvg(Path.of(args[3]));
    }
}
