package io.ramzswap.allocator.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * {@code SyntheticPages WORKLOAD MIB PAGES}: so many MiB of pages that compress to about the sizes of a workload, for who
 * takes pages and not sizes: random bytes, and zeros up to the end of the page.
 */
public final class SyntheticPages {
    private static final int PAGE_BYTES = 4096;
    /** What lz4 and zstd add to bytes that do not compress, about. */
    private static final int ADDED_BYTES = 24;

    private SyntheticPages() {}

    /** See the class. */
    public static void main(String[] args) throws IOException {
        SizeSource sizes = SizeSource.of(args[0]);
        SplittableRandom random = new SplittableRandom(42);
        byte[] page = new byte[PAGE_BYTES];
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(args[2])))) {
            for (long left = (Long.parseLong(args[1]) << 20) / PAGE_BYTES; left > 0; left--) {
                random.nextBytes(page);
                Arrays.fill(page, Math.max(1, sizes.next(random) - ADDED_BYTES), PAGE_BYTES, (byte) 0);
                out.write(page);
            }
        }
    }
}
