package io.ramzswap.allocator.block;

/**
 * The four bytes before every block of a region, as one int that is written whole.
 *
 * <pre>
 *   31                18 17 16 15               2  1   0
 *  +--------------------+-----+------------------+---+---+
 *  | previous block / 4 |  0  |   payload / 4    | P | F |
 *  +--------------------+-----+------------------+---+---+
 *  previous block   where in the region the header of the block before lies; 0 for the first
 *  payload          bytes behind the header, a multiple of 4
 *  P                the block before is free
 *  F                this block is free
 * </pre>
 *
 * <p>Each is checked against the header behind it before it is believed, so that a flipped bit of either is noticed. Payload and F
 * are the truth. The rest follows from them and is made anew when a killed process's regions are taken
 * over.
 */
public final class BlockHeader {
    /** The size of a header. */
    public static final int BYTES = 4;

    static final int FREE = 1;
    static final int PREVIOUS_FREE = 2;

    private static final int PREVIOUS_SHIFT = 16;
    private static final int SIZE_MASK = 0xFFFC;

    private BlockHeader() {}

    static int of(int previous, int payloadBytes, int flags) {
        return (previous << PREVIOUS_SHIFT) | payloadBytes | flags;
    }

    /** The bytes behind the header. */
    public static int payloadBytes(int header) {
        return header & SIZE_MASK;
    }

    static int previous(int header) {
        return header >>> PREVIOUS_SHIFT;
    }

    /** Whether nobody uses the block. */
    public static boolean isFree(int header) {
        return (header & FREE) != 0;
    }

    static boolean isPreviousFree(int header) {
        return (header & PREVIOUS_FREE) != 0;
    }

    /** Whether a header says of the block before that it is at that place of the region, and is free, or is not. */
    static boolean follows(int header, int previous, boolean isPreviousFree) {
        return previous(header) == previous && isPreviousFree(header) == isPreviousFree;
    }

    static int withPrevious(int header, int previous) {
        return (header & 0xFFFF) | (previous << PREVIOUS_SHIFT);
    }
}
