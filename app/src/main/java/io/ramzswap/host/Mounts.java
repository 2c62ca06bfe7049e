package io.ramzswap.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The mounts that this process sees. Source: proc_pid_mounts(5).
 *
 * @param file the list
 */
public record Mounts(Path file) {
    /** The mounts in a procfs. */
    public static Mounts in(Path proc) {
        return new Mounts(proc.resolve("self/mounts"));
    }

    /** The directory that a device is mounted on, as the kernel writes it; empty if it is not mounted. */
    public Optional<String> of(String device) throws IOException {
        // Mount points may have names that are no text.
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split(" ", 3))
                .filter(fields -> fields.length == 3 && fields[0].equals(device))
                .map(fields -> fields[1])
                .findFirst();
    }
}
