package io.ramzswap.notify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The swap areas in use. Source: proc_swaps(5).
 *
 * @param file {@code /proc/swaps}
 */
public record SwapAreas(Path file) {
    private static final int USED_FIELD = 3;
    private static final int FIELDS = 5;
    private static final int PAGE_KIB = 4;

    /** Those of this machine. */
    public static SwapAreas ofThisMachine() {
        return new SwapAreas(Path.of("/proc/swaps"));
    }

    /** The slots in use of a block device that is swap; absent if it is not. */
    public OptionalLong usedPages(String device) throws IOException {
        for (String line : Files.readAllLines(file)) {
            String[] fields = line.split("[ \t]+", -1);
            if (fields.length == FIELDS && fields[0].equals(device) && fields[1].equals("partition")) {
                return OptionalLong.of(Long.parseLong(fields[USED_FIELD]) / PAGE_KIB);
            }
        }
        return OptionalLong.empty();
    }
}
