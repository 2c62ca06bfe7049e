package io.ramzswap.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The swap areas in use, as the kernel lists them. Source: proc_swaps(5).
 *
 * @param file the list
 */
public record ActiveSwaps(Path file) {
    /** The swap areas of this machine. */
    public static ActiveSwaps ofThisMachine() {
        return in(Path.of("/proc"));
    }

    /** The swap areas in a procfs. */
    public static ActiveSwaps in(Path proc) {
        return new ActiveSwaps(proc.resolve("swaps"));
    }

    /**
     * All of them, in the kernel's order.
     *
     * @throws IOException if the list cannot be read; a kernel without swap has none
     */
    public List<SwapArea> read() throws IOException {
        return SwapArea.parse(ProcFile.lines(file));
    }

    /** The bytes in use of a block device that is swap; absent if it is not. */
    public OptionalLong usedBytes(String device) throws IOException {
        return read().stream()
                .filter(area -> area.isBlockDevice() && area.path().equals(device))
                .mapToLong(SwapArea::usedBytes)
                .findFirst();
    }

    /** Whether one of them has this name; not so where the kernel has no swap. */
    public boolean contain(String name) throws IOException {
        return Files.exists(file)
                && read().stream().anyMatch(area -> area.path().equals(name));
    }

    /** Whether {@code path}, by this or another name, is one of them; not so where the kernel has no swap. */
    public boolean contain(Path path) throws IOException {
        if (Files.exists(file)) {
            for (SwapArea area : read()) {
                if (isSame(area.path(), path)) {
                    return true;
                }
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
