package io.ramzswap.allocator.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Object sizes of a workload. */
final class SizeSource {
    private static final int MIN_SIZE = 8;
    private static final int MAX_SIZE = 4096;

    private final int[] sizes;

    private SizeSource(int[] sizes) {
        this.sizes = sizes;
    }

    /** By name: "uniform", "mix2009", or a file of sizes as {@link CorpusSizes} writes it. */
    static SizeSource of(String workload) throws IOException {
        SplittableRandom random = new SplittableRandom(42);
        return switch (workload) {
            case "uniform" ->
                new SizeSource(random.ints(1 << 20, 1, MAX_SIZE + 1).toArray());
            // 2009: most pages at 1024 to 2600 bytes, a group below 64, the rest anywhere up to the limit of 3072.
            case "mix2009" ->
                new SizeSource(random.ints(1 << 20, 0, 100)
                        .map(share -> share < 75
                                ? random.nextInt(1024, 2601)
                                : share < 85 ? random.nextInt(MIN_SIZE, 65) : random.nextInt(65, 3073))
                        .toArray());
            default -> read(Path.of(workload));
        };
    }

    private static SizeSource read(Path file) throws IOException {
        List<Integer> sizes = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file);
                DataInputStream data = new DataInputStream(new java.io.BufferedInputStream(in))) {
            for (long left = Files.size(file) / Short.BYTES; left > 0; left--) {
                sizes.add((int) data.readShort());
            }
        }
        if (sizes.isEmpty()) {
            throw new IOException("no sizes in " + file);
        }
        return new SizeSource(sizes.stream().mapToInt(Integer::intValue).toArray());
    }

    /** A size as the workload has it. */
    int next(RandomGenerator random) {
        return sizes[random.nextInt(sizes.length)];
    }

    /** A size of the workload as it would be {@code factor} times larger. */
    int next(RandomGenerator random, double factor) {
        return (int) Math.max(MIN_SIZE, Math.min(MAX_SIZE, next(random) * factor));
    }
}
