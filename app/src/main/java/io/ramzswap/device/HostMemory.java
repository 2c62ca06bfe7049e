package io.ramzswap.device;

import io.ramzswap.host.MemInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The host's memory, from /proc/meminfo. */
public final class HostMemory {
    private static final Path MEMINFO = Path.of("/proc/meminfo");

    private HostMemory() {}

    /**
     * RAM that the kernel manages, in bytes.
     *
     * @throws UncheckedIOException if /proc is not mounted
     */
    public static long totalBytes() {
        try {
            return MemInfo.bytes(Files.readAllLines(MEMINFO), MemInfo.TOTAL)
                    .orElseThrow(() -> new IOException(MEMINFO + " has no " + MemInfo.TOTAL));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
