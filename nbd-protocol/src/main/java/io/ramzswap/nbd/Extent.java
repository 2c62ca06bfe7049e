package io.ramzswap.nbd;

/**
 * A run of bytes of the same state, packed into a {@code long} so that telling of it allocates nothing.
 *
 * <pre>
 *  63                              16 15         2   1      0
 * +----------------------------------+------------+------+------+
 * |          length in bytes         |   state    | ZERO | HOLE |
 * +----------------------------------+------------+------+------+
 * </pre>
 */
public final class Extent {
    /** Nothing is stored for the run, so writing to it may find no space. */
    public static final int HOLE = 1;
    /** The run reads as zeroes. */
    public static final int ZERO = 1 << 1;
    /** The largest state of an export's own context. */
    public static final int MAXIMUM_STATE = (1 << 14) - 1;
    /** The longest run. */
    public static final long MAXIMUM_LENGTH = (1L << 47) - 1;

    private static final int ALLOCATION_MASK = HOLE | ZERO;
    private static final int STATE_SHIFT = 2;
    private static final int LENGTH_SHIFT = 16;

    private Extent() {}

    /**
     * Packs an extent.
     *
     * @param length 1 to {@link #MAXIMUM_LENGTH} bytes
     * @param allocation {@link #HOLE} and {@link #ZERO}, or 0, which is always safe to say
     * @param state what the export's own context tells, 0 to {@link #MAXIMUM_STATE}
     */
    public static long of(long length, int allocation, int state) {
        return length << LENGTH_SHIFT | (long) state << STATE_SHIFT | allocation;
    }

    /** Bytes of the run. */
    public static long length(long extent) {
        return extent >>> LENGTH_SHIFT;
    }

    /** {@link #HOLE} and {@link #ZERO}. */
    public static int allocation(long extent) {
        return (int) extent & ALLOCATION_MASK;
    }

    /** State in the export's own context. */
    public static int state(long extent) {
        return (int) (extent >>> STATE_SHIFT) & MAXIMUM_STATE;
    }

    /** Whether the run reads as zeroes. */
    public static boolean isZero(long extent) {
        return (extent & ZERO) != 0;
    }
}
