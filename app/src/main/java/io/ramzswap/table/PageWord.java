package io.ramzswap.table;

import io.ramzswap.allocator.Allocator;

/**
 * What a slot of the page table says.
 *
 * <pre>
 *   63    62..60   59    58..56       55..44       43..0
 * +------+-------+------+------------+------------+------------------------+
 * | lock | state | left | compressor | length - 1 | location               |  COMPRESSED, RAW
 * +------+-------+------+------------+------------+------------------------+
 * | lock | state | wide | the repeated word's low 59 bits, sign-extended   |  FILLED, wide = 0
 * |      |       |      | or its index in the table of fill values         |  FILLED, wide = 1
 * +------+-------+------+------------+------------+------------------------+
 * | lock | state | 0    | compressor | length - 1 | offset on the disk     |  ON_DISK, in a log
 * +------+-------+------+------------+------------+------------------------+
 * | lock | state | how many pages were encrypted before it                 |  ON_DISK, linear, encrypted
 * +------+-------+--------------------------+------------------------------+
 * | lock | state | sequence                 | CRC-32C of the page          |  ON_DISK, linear
 * +------+-------+--------------------------+------------------------------+
 *                   59..32                     31..0
 * </pre>
 *
 * <p>The location is an {@linkplain Allocator allocator} handle for COMPRESSED and a frame number for RAW. A page that is
 * left is in memory still, while a copy of it is on its way to the disk; whoever replaces the page makes a word without that
 * mark. A page in a log says itself where it is; one of 4096 bytes is there as it is, uncompressed. In the linear layout a page
 * lies at its slot's own place; the sequence, or the count of encrypted pages, makes the words of two pages that were written
 * there one after the other differ, even where their bytes are the same. The all-zero word is an empty slot, so a fresh table
 * needs no writing.
 */
public final class PageWord {
    /** Never written, or freed: reads as zeroes. */
    public static final int EMPTY = 0;
    /** A page of one repeated word. */
    public static final int FILLED = 1;
    /** A compressed page in an allocator's object. */
    public static final int COMPRESSED = 2;
    /** An incompressible page in a frame of its own. */
    public static final int RAW = 3;
    /** A page on the backing swap. */
    public static final int ON_DISK = 4;
    /**
     * A page is on its way to the backing swap. The word belongs to the thread that writes it, until that publishes what came
     * of it: nobody else locks or replaces it.
     */
    public static final int IN_FLIGHT = 5;
    /** Its last write was refused, and what stood before is gone: reading is an error until it is written or freed. */
    public static final int LOST = 7;

    /** The number of states that the word has room for. */
    public static final int STATES = 8;

    /** The word of an {@link #EMPTY} slot. */
    public static final long EMPTY_WORD = 0;
    /** The word of a {@link #LOST} slot. */
    public static final long LOST_WORD = (long) LOST << 60;
    /** The word of an {@link #IN_FLIGHT} slot. */
    public static final long IN_FLIGHT_WORD = (long) IN_FLIGHT << 60;

    /** The number of compressors that the word has room for. */
    public static final int COMPRESSORS = 8;

    static final long LOCK_BIT = 1L << 63;
    private static final long LEAVING_BIT = 1L << 59;

    private static final int STATE_SHIFT = 60;
    private static final int COMPRESSOR_SHIFT = 56;
    private static final int LENGTH_SHIFT = Allocator.HANDLE_BITS;
    private static final long LOCATION_MASK = (1L << Allocator.HANDLE_BITS) - 1;
    private static final int LENGTH_MASK = 0xfff;
    private static final long WIDE_BIT = 1L << 59;
    private static final long VALUE_MASK = WIDE_BIT - 1;
    private static final int VALUE_UNUSED_BITS = 64 - 59;
    private static final int SEQUENCE_SHIFT = 32;
    private static final int SEQUENCE_MASK = (1 << 28) - 1;
    private static final long CHECKSUM_MASK = 0xffff_ffffL;
    private static final long COUNT_MASK = (1L << 60) - 1;

    private PageWord() {}

    /** One of the states above. */
    public static int state(long word) {
        return (int) (word >>> STATE_SHIFT) & (STATES - 1);
    }

    /** Whether a backend holds the page, so that its memory has to be kept while it is read and freed afterwards. */
    public static boolean isInBackend(long word) {
        int state = state(word);
        return state == COMPRESSED || state == RAW;
    }

    /** Whether the slot is {@link #IN_FLIGHT}. */
    public static boolean isInFlight(long word) {
        return state(word) == IN_FLIGHT;
    }

    /** A page that a compressor made {@code length} bytes of, 1 to 4096. */
    public static long compressed(int compressor, int length, long handle) {
        return (long) COMPRESSED << STATE_SHIFT
                | (long) compressor << COMPRESSOR_SHIFT
                | (long) (length - 1) << LENGTH_SHIFT
                | handle;
    }

    /** An incompressible page of 4096 bytes. */
    public static long raw(long frame) {
        return (long) RAW << STATE_SHIFT | (long) LENGTH_MASK << LENGTH_SHIFT | frame;
    }

    /**
     * A page on the backing swap.
     *
     * @param sequence of which the low 28 bits count
     */
    public static long onDisk(int sequence, int checksum) {
        return (long) ON_DISK << STATE_SHIFT
                | (long) (sequence & SEQUENCE_MASK) << SEQUENCE_SHIFT
                | (checksum & CHECKSUM_MASK);
    }

    /** The checksum given to {@link #onDisk}. */
    public static int checksum(long word) {
        return (int) word;
    }

    /**
     * A page on the backing swap that is encrypted.
     *
     * @param count below 2<sup>60</sup>; of two pages that were written to one place, no two have the same
     */
    public static long encrypted(long count) {
        return (long) ON_DISK << STATE_SHIFT | (count & COUNT_MASK);
    }

    /**
     * A page in a log on the backing swap.
     *
     * @param length 1 to 4096, and then not compressed
     * @param offset where it is, below two to the power of {@link Allocator#HANDLE_BITS}
     */
    public static long inLog(int compressor, int length, long offset) {
        return (long) ON_DISK << STATE_SHIFT
                | (long) compressor << COMPRESSOR_SHIFT
                | (long) (length - 1) << LENGTH_SHIFT
                | offset;
    }

    /** The word of a page in memory of which a copy is on its way to the disk. */
    public static long leaving(long word) {
        return word | LEAVING_BIT;
    }

    /** Whether the page is in memory and {@link #leaving} it. */
    public static boolean isLeaving(long word) {
        return isInBackend(word) && (word & LEAVING_BIT) != 0;
    }

    /** The word of the page when it stays. */
    public static long staying(long word) {
        return word & ~LEAVING_BIT;
    }

    /** The count given to {@link #encrypted}. */
    public static long count(long word) {
        return word & COUNT_MASK;
    }

    /** Whether {@link #filled} can hold this word. */
    public static boolean fitsInline(long value) {
        return value << VALUE_UNUSED_BITS >> VALUE_UNUSED_BITS == value;
    }

    /** A page that repeats {@code value}, for which {@link #fitsInline} holds. */
    public static long filled(long value) {
        return (long) FILLED << STATE_SHIFT | (value & VALUE_MASK);
    }

    /** A page that repeats the fill value at {@code index} of the table of fill values. */
    public static long filledWide(int index) {
        return (long) FILLED << STATE_SHIFT | WIDE_BIT | index;
    }

    /** Whether {@link #fillIndex} holds, rather than {@link #fillValue}. */
    public static boolean isWide(long word) {
        return (word & WIDE_BIT) != 0;
    }

    /** The repeated word of a {@link #filled} page. */
    public static long fillValue(long word) {
        return word << VALUE_UNUSED_BITS >> VALUE_UNUSED_BITS;
    }

    /** The index given to {@link #filledWide}. */
    public static int fillIndex(long word) {
        return (int) word;
    }

    /** The compressor's number, below {@link #COMPRESSORS}. */
    public static int compressor(long word) {
        return (int) (word >>> COMPRESSOR_SHIFT) & (COMPRESSORS - 1);
    }

    /** Bytes of compressed data, or 4096 for a raw page. */
    public static int length(long word) {
        return ((int) (word >>> LENGTH_SHIFT) & LENGTH_MASK) + 1;
    }

    /** An allocator's handle, a frame number, or an offset on the disk. */
    public static long location(long word) {
        return word & LOCATION_MASK;
    }

    /** The word of the same page in another place. */
    public static long withLocation(long word, long location) {
        return (word & ~LOCATION_MASK) | location;
    }
}
