package io.ramzswap.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file in which the kernel shows names that others gave, of processes and of files, as they are. Source: proc(5). */
public final class ProcFile {
    private ProcFile() {}

    /** The lines of one, a character for each byte: a process, or a swap file, may be called anything, and that be no text. */
    public static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    }
}
