package io.ramzswap.notify;

import io.ramzswap.host.ProcFile;
import io.ramzswap.host.SwapArea;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The swap areas in use. Source: proc_swaps(5).
 *
 * @param file {@code /proc/swaps}
 */
public record SwapAreas(Path file) {
    private static final int PAGE_BYTES = 4096;

    /** Those of this machine. */
    public static SwapAreas ofThisMachine() {
        return new SwapAreas(Path.of("/proc/swaps"));
    }

    /** How many there are: the number of the next one, if none was given back before the last. */
    public int count() throws IOException {
        return SwapArea.parse(ProcFile.lines(file)).size();
    }

    /** The slots in use of a block device that is swap; absent if it is not. */
    public OptionalLong usedPages(String device) throws IOException {
        return SwapArea.parse(ProcFile.lines(file)).stream()
                .filter(area -> area.isBlockDevice() && area.path().equals(device))
                .mapToLong(area -> area.usedBytes() / PAGE_BYTES)
                .findFirst();
    }
}
