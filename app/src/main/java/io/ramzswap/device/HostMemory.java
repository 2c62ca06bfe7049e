package io.ramzswap.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The host's memory, from /proc/meminfo. */
public final class HostMemory {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final String TOTAL = "MemTotal:";

    private HostMemory() {}

    /**
     * RAM that the kernel manages, in bytes.
     *
     * @throws UncheckedIOException if /proc is not mounted
     */
    public static long totalBytes() {
        try (var lines = Files.lines(MEMINFO, StandardCharsets.US_ASCII)) {
            return lines.filter(line -> line.startsWith(TOTAL))
                    .mapToLong(line -> kibibytes(line) << 10)
                    .findFirst()
                    .orElseThrow(() -> new IOException(MEMINFO + " has no line " + TOTAL));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long kibibytes(String line) {
        return Long.parseLong(
                line.substring(TOTAL.length(), line.lastIndexOf(' ')).strip());
    }
}
