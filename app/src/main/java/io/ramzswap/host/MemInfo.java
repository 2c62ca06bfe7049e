package io.ramzswap.host;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Figures of /proc/meminfo. Source: proc_meminfo(5). */
public final class MemInfo {
    /** All memory that the kernel manages. */
    public static final String TOTAL = "MemTotal";

    /** What programs could get without anything being swapped out. */
    public static final String AVAILABLE = "MemAvailable";

    private static final Pattern LINE = Pattern.compile("([^:]+):\\s*([0-9]{1,15}) kB");

    private MemInfo() {}

    /** The figure called {@code label} in bytes, if {@code lines} of /proc/meminfo have it. */
    public static OptionalLong bytes(List<String> lines, String label) {
        return lines.stream()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .filter(line -> line.group(1).equals(label))
                .mapToLong(line -> Long.parseLong(line.group(2)) << 10)
                .findFirst();
    }
}
