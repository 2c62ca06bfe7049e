package io.ramzswap.config;

import java.nio.file.Path;

/**
 * Where something stands.
 *
 * @param line from 1; 0 for the file as a whole
 */
public record Origin(Path file, int line) {
    /** A file as a whole. */
    static Origin of(Path file) {
        return new Origin(file, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? file.toString() : file + ":" + line;
    }
}
