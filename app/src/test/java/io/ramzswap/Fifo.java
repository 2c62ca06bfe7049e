package io.ramzswap;

import java.io.IOException;
import java.nio.file.Path;

/** FIFOs, which Java cannot make. */
public final class Fifo {
    private Fifo() {}

    /** Makes one that nobody writes to or reads from: who opens it waits. */
    public static Path make(Path path) throws IOException, InterruptedException {
        if (new ProcessBuilder("mkfifo", path.toString()).inheritIO().start().waitFor() != 0) {
            throw new IOException("mkfifo " + path + " failed");
        }
        return path;
    }
}
