package io.ramzswap.allocator.arena;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel says about this process's mappings of a memfd. */
public final class MappedMemory {
    private MappedMemory() {}

    /** What of it is in this process's memory. */
    public static long residentBytes(String memfdName) {
        return field(memfdName, "Rss:");
    }

    static long lockedBytes(String memfdName) {
        return field(memfdName, "Locked:");
    }

    private static long field(String memfdName, String field) {
        long bytes = 0;
        boolean inside = false;
        for (String line : smaps()) {
            if (line.matches("^[0-9a-f]+-[0-9a-f]+ .*")) {
                inside = line.contains("/memfd:" + memfdName + " ");
            } else if (inside && line.startsWith(field)) {
                bytes += Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        return bytes;
    }

    private static List<String> smaps() {
        try {
            return Files.readAllLines(Path.of("/proc/self/smaps"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
