package io.ramzswap.backing;

import io.ramzswap.host.SwapArea;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * The kernel's list of swap areas in use.
 *
 * @param list where it is
 */
record ActiveSwaps(Path list) {
    static final ActiveSwaps OF_THE_KERNEL = new ActiveSwaps(Path.of("/proc/swaps"));

    /** Whether {@code path}, by this or another name, is one of them. */
    boolean contain(Path path) throws IOException {
        if (!Files.exists(list)) {
            return false;
        }
        for (String line : Files.readAllLines(list)) {
            String name = SwapArea.pathOf(line);
            if (name.startsWith("/") && isSame(name, path)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSame(String name, Path path) throws IOException {
        try {
            Path area = Path.of(name);
            return Files.exists(area) && Files.isSameFile(area, path);
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
