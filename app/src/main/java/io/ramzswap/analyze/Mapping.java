package io.ramzswap.analyze;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of a process's addresses. Source: proc_pid_maps(5), proc_pid_smaps(5).
 *
 * @param start its first address
 * @param end the address behind it
 * @param pages how many pages it has in RAM or in swap
 */
record Mapping(long start, long end, long pages) {
    private static final Pattern HEADER =
            Pattern.compile("([0-9a-f]{1,16})-([0-9a-f]{1,16}) (\\S{4}) [0-9a-f]+ \\S+ ([0-9]+)\\s*(.*)");

    /** Memory of the process's own: neither a file, nor a device, nor shared, nor lent by the kernel as [vdso] is. */
    private static final Pattern ANONYMOUS = Pattern.compile("|\\[heap]|\\[stack.*]|\\[anon:.*]");

    private static final int SHARED = 3;

    /** Whether a line begins a mapping. */
    static boolean isHeader(String line) {
        return HEADER.matcher(line).matches();
    }

    /** The mapping that a line begins, if it is one of anonymous memory. */
    static Optional<Mapping> ofAnonymous(String line) {
        Matcher matcher = HEADER.matcher(line);
        if (!matcher.matches()
                || matcher.group(SHARED).charAt(SHARED) != 'p'
                || !matcher.group(4).equals("0")
                || !ANONYMOUS.matcher(matcher.group(5)).matches()) {
            return Optional.empty();
        }
        Mapping mapping = new Mapping(
                Long.parseUnsignedLong(matcher.group(1), 16), Long.parseUnsignedLong(matcher.group(2), 16), 0);
        return mapping.start >= 0 && mapping.end > mapping.start ? Optional.of(mapping) : Optional.empty();
    }

    /** The same with so many pages. */
    Mapping withPages(long count) {
        return new Mapping(start, end, count);
    }
}
