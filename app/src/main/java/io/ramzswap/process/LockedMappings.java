package io.ramzswap.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The part of a process's resident memory that is in locked mappings. Source: proc_pid_smaps(5), whose {@code VmFlags}
 * have {@code lo} for a locked mapping.
 */
final class LockedMappings {
    /** Memory of the kernel's own that every process sees; it is neither locked nor swapped. */
    private static final Set<String> OF_THE_KERNEL = Set.of("[vdso]", "[vvar]", "[vvar_vclock]", "[vsyscall]");

    private static final Pattern HEAD = Pattern.compile("^[0-9a-f]+-[0-9a-f]+ \\S+ \\S+ \\S+ \\S+ *(.*)$");

    private String name = "";
    private long residentBytes;
    private long lockedBytes;
    private long unlockedBytes;

    private LockedMappings() {}

    static LockedMappings of(Path smaps) throws IOException {
        LockedMappings mappings = new LockedMappings();
        try (Stream<String> lines = Files.lines(smaps)) {
            lines.forEach(mappings::add);
        }
        return mappings;
    }

    long lockedBytes() {
        return lockedBytes;
    }

    long unlockedBytes() {
        return unlockedBytes;
    }

    private void add(String line) {
        if (line.startsWith("Rss:")) {
            residentBytes = SizeLine.bytes(line);
        } else if (line.startsWith("VmFlags:")) {
            close((line + ' ').contains(" lo "));
        } else {
            Matcher head = HEAD.matcher(line);
            if (head.matches()) {
                name = head.group(1);
            }
        }
    }

    private void close(boolean locked) {
        if (locked) {
            lockedBytes += residentBytes;
        } else if (!OF_THE_KERNEL.contains(name)) {
            unlockedBytes += residentBytes;
        }
    }
}
