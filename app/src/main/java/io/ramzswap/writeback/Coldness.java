package io.ramzswap.writeback;

import io.ramzswap.compress.Compressor;
import io.ramzswap.table.PageWord;

/**
 * How much a page in memory should leave it: how long nobody has used it, in {@link io.ramzswap.table.AccessAges} ticks. One
 * that did not compress to half takes more than it is worth, and counts as four times as old.
 *
 * <p>Sorted into buckets: one for each of the first 64 values, then eight for each power of two.
 */
final class Coldness {
    private static final int POOR_SHIFT = 2;
    private static final int EXACT_BITS = 6;
    private static final int EXACT = 1 << EXACT_BITS;
    private static final int PART_BITS = 3;

    /** The number of buckets. */
    static final int BUCKETS = EXACT + ((Integer.SIZE - EXACT_BITS) << PART_BITS);

    private Coldness() {}

    static boolean isPoor(long word) {
        return PageWord.length(word) > Compressor.GOOD_BYTES;
    }

    /** In ticks: the age of a page that compresses well and is as cold. */
    static int of(long word, int age) {
        return isPoor(word) ? (age + 1) << POOR_SHIFT : age;
    }

    static int bucket(long word, int age) {
        return bucket(of(word, age));
    }

    static int bucket(int value) {
        if (value < EXACT) {
            return value;
        }
        int power = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(value);
        int part = (value >>> (power - PART_BITS)) & ((1 << PART_BITS) - 1);
        return EXACT + ((power - EXACT_BITS) << PART_BITS) + part;
    }

    /** The least value in a bucket. */
    static int least(int bucket) {
        if (bucket < EXACT) {
            return bucket;
        }
        int power = EXACT_BITS + ((bucket - EXACT) >>> PART_BITS);
        int part = (bucket - EXACT) & ((1 << PART_BITS) - 1);
        return ((1 << PART_BITS) + part) << (power - PART_BITS);
    }
}
