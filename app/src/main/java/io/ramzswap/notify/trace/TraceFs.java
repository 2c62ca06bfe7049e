package io.ramzswap.notify.trace;

import io.ramzswap.libc.Libc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * The tracing file system.
 *
 * @param root where it is mounted
 */
public record TraceFs(Path root) {
    private static final Path MOUNT_POINT = Path.of("/sys/kernel/tracing");
    private static final List<Path> MOUNT_POINTS = List.of(MOUNT_POINT, Path.of("/sys/kernel/debug/tracing"));
    private static final String PROBES = "kprobe_events";

    /**
     * Finds it, and mounts it if nobody has.
     *
     * @throws IOException if this kernel has none, or does not let us
     */
    public static TraceFs locate(Libc libc) throws IOException {
        Optional<TraceFs> mounted = mounted();
        if (mounted.isEmpty()) {
            libc.mount("tracefs", MOUNT_POINT.toString(), "tracefs", 0, 0);
            mounted = mounted();
        }
        return mounted.orElseThrow(() -> new IOException("there is no " + MOUNT_POINT.resolve(PROBES)
                + ": this kernel has no kprobe events, or does not let us use them"));
    }

    /** Finds it where somebody has mounted it. */
    public static Optional<TraceFs> mounted() {
        return MOUNT_POINTS.stream()
                .filter(point -> Files.exists(point.resolve(PROBES)))
                .findFirst()
                .map(TraceFs::new);
    }

    Path probes() {
        return root.resolve(PROBES);
    }

    Path instances() {
        return root.resolve("instances");
    }

    /** Appending, because opening some of these files to be overwritten clears them, for all users of tracing. */
    static void write(Path file, String text) throws IOException {
        try {
            Files.write(
                    file,
                    (text + "\n").getBytes(StandardCharsets.US_ASCII),
                    StandardOpenOption.WRITE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IOException("writing '" + text + "' to " + file + ": " + e.getMessage(), e);
        }
    }
}
