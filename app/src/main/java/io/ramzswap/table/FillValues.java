package io.ramzswap.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The repeated words that do not {@linkplain PageWord#fitsInline fit} into a page-table word, each kept once: floating
 * point constants, text patterns and the like. A hash table with open addressing; values are only ever added, so an
 * index stays good for as long as the device lives. When a value finds no place, its pages are compressed like others.
 * A value that was damaged here is noticed, because the pages' words have a {@linkplain PageWord#repeats hash} of it.
 *
 * <p>Thread-safe, lock-free.
 */
public final class FillValues {
    /** Returned by {@link #intern} when there is no place left for the value. */
    public static final int NO_PLACE = -1;

    /** Memory for the table, in bytes. */
    public static final int BYTES = PageWord.FILL_INDEXES * Long.BYTES;

    private static final int SLOTS = PageWord.FILL_INDEXES;
    private static final int PROBES = 16;
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
    private static final int HASH_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(SLOTS);
    private static final VarHandle VALUES =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer values;

    /** A table over zeroed memory of {@link #BYTES} bytes, a direct buffer aligned to eight. Zero marks a free place. */
    public FillValues(ByteBuffer values) {
        this.values = values;
    }

    /**
     * Finds or makes the value's place.
     *
     * @param value not zero
     * @return an index for {@link #get}, or {@link #NO_PLACE}
     */
    public int intern(long value) {
        int home = (int) ((value * GOLDEN_RATIO) >>> HASH_SHIFT);
        for (int probe = 0; probe < PROBES; probe++) {
            int index = (home + probe) & (SLOTS - 1);
            long found = (long) VALUES.compareAndExchange(values, index * Long.BYTES, 0L, value);
            if (found == 0 || found == value) {
                return index;
            }
        }
        return NO_PLACE;
    }

    /** The value at an index that {@link #intern} returned. */
    public long get(int index) {
        return (long) VALUES.getAcquire(values, index * Long.BYTES);
    }
}
