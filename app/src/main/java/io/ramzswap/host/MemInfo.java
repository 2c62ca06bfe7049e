package io.ramzswap.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel's figures of memory. Source: proc_meminfo(5).
 *
 * @param file the list of them
 */
public record MemInfo(Path file) {
    /** All memory that the kernel manages. */
    public static final String TOTAL = "MemTotal";

    /** The memory that programs could get without anything being swapped out. */
    public static final String AVAILABLE = "MemAvailable";

    private static final Pattern LINE = Pattern.compile("([^:]+):\\s*([0-9]{1,15}) kB");

    /** The figures in a procfs. */
    public static MemInfo in(Path proc) {
        return new MemInfo(proc.resolve("meminfo"));
    }

    /** The figure called {@code label} in bytes, if this kernel tells it. */
    public OptionalLong bytes(String label) throws IOException {
        return bytes(ProcFile.lines(file), label);
    }

    /** The same from lines that were read before. */
    public static OptionalLong bytes(List<String> lines, String label) {
        return lines.stream()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .filter(line -> line.group(1).equals(label))
                .mapToLong(line -> Long.parseLong(line.group(2)) << 10)
                .findFirst();
    }
}
