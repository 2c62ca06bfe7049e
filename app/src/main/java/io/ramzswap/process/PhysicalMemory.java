package io.ramzswap.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The machine's memory. Source: proc_meminfo(5). */
public final class PhysicalMemory {
    private static final String TOTAL = "MemTotal:";

    private PhysicalMemory() {}

    /** Usable RAM of this machine, in bytes. */
    public static long totalBytes() {
        try {
            return totalBytes(Files.readAllLines(Path.of("/proc/meminfo")));
        } catch (IOException e) {
            throw new UncheckedIOException("the size of this machine's memory could not be read", e);
        }
    }

    static long totalBytes(List<String> meminfo) {
        String total = meminfo.stream()
                .filter(line -> line.startsWith(TOTAL))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + TOTAL + " in /proc/meminfo"));
        return Long.parseLong(total.substring(TOTAL.length()).replace("kB", "").strip()) << 10;
    }
}
