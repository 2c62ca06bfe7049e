package io.ramzswap.allocator;

import java.nio.ByteBuffer;

/** Bytes that follow from a seed, and that differ at every place. */
final class Pattern {
    private Pattern() {}

    static void write(ByteBuffer slab, int start, int size, int seed) {
        int i = 0;
        for (; i + Long.BYTES <= size; i += Long.BYTES) {
            slab.putLong(start + i, word(seed, i));
        }
        for (; i < size; i++) {
            slab.put(start + i, (byte) word(seed, i));
        }
    }

    static boolean isAt(ByteBuffer slab, int start, int size, int seed) {
        int i = 0;
        boolean same = true;
        for (; i + Long.BYTES <= size; i += Long.BYTES) {
            same &= slab.getLong(start + i) == word(seed, i);
        }
        for (; i < size; i++) {
            same &= slab.get(start + i) == (byte) word(seed, i);
        }
        return same;
    }

    private static long word(int seed, int index) {
        return (seed + 0x9E3779B97F4A7C15L * (index + 1)) * 0xBF58476D1CE4E5B9L;
    }
}
