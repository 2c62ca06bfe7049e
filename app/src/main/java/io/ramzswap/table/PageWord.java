package io.ramzswap.table;

import io.ramzswap.allocator.Allocator;

/**
 * What a slot of the page table says.
 *
 * <pre>
 *   63    62..60  59..54  53     52..51       50..39       38..0
 * +------+-------+-------+------+------------+------------+---------------+
 * | lock | state | check | left | compressor | length - 1 | location / 4  |  COMPRESSED, RAW
 * +------+-------+-------+------+------------+------------+---------------+
 * | lock | state | check | 0    | 52..47 hash of the word behind | 46..0  |  FILLED: the repeated word, sign-extended
 * +------+-------+-------+------+--------------------------------+--------+
 * | lock | state | check | 1    | 52..12 hash of the repeated word | 11..0|  FILLED: its index in the table of fill values
 * +------+-------+-------+------+------------+------------+---------------+
 * | lock | state | check | 0    | compressor | length - 1 | location / 4  |  ON_DISK, in a log
 * +------+-------+-------+------+------------+------------+---------------+
 * | lock | state | check | 53..0  how many pages were encrypted before it |  ON_DISK, linear, encrypted
 * +------+-------+-------+--------------------------------+---------------+
 * | lock | state | check | 53..32 sequence   | 31..0 CRC-32C of the page  |  ON_DISK, linear
 * +------+-------+-------+--------------------------------+---------------+
 * | lock | 0     | check | 53..4  0                        | 3..0 state   |  EMPTY, LOST, IN_FLIGHT: the bare words
 * +------+-------+-------+------------------------------------------------+
 * </pre>
 *
 * <p>The check bits make the parity of every sixth bit even, those of lock and state among them. So no single flipped bit makes
 * of one word another, nor of a word a locked one: what has a wrong check is {@linkplain #DAMAGED_WORD damaged}, and {@link
 * #believed} says so before anybody looks at the rest. To lock a word flips the lock and one check bit together.
 *
 * <p>The location is an {@linkplain Allocator allocator} handle for COMPRESSED, and for RAW a frame number, of which all bits are
 * kept. A page that is left is in its tier still, while a copy of it is on its way to a slower one; a thread that replaces the page makes a
 * word without that mark. A page in a log says itself where it is; one of 4096 bytes is there as it is, uncompressed. In the
 * linear layout a page lies at its slot's own place; the sequence, or the count of encrypted pages, makes the words of two pages
 * that were written there one after the other differ, even where their bytes are the same. The all-zero word is an empty slot,
 * so a fresh table needs no writing.
 *
 * <p>Each state from {@value #COMPRESSED} to {@value #LAST_OF_TIERS} belongs to one tier, which makes all words of that state.
 * The states from {@value #FIRST_FREE} on belong to none yet: {@link #inTier} makes words of them.
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
    /** The first of the states that no tier of the product makes. */
    public static final int FIRST_FREE = 5;
    /** The last state that a tier can make. */
    public static final int LAST_OF_TIERS = 7;
    /** What is in memory fails its check, and so tells nothing. No word that is stored has this state. */
    public static final int DAMAGED = 8;
    /** Its last write was refused, and what stood before is gone: reading is an error until it is written or freed. */
    public static final int LOST = 9;
    /**
     * A page is on its way to a tier that takes its time. The word belongs to the thread that writes it, until that publishes
     * what came of it: nobody else locks or replaces it.
     */
    public static final int IN_FLIGHT = 10;

    /** Every state is below this. */
    public static final int STATES = 11;

    /** The number of compressors that the word has room for. */
    public static final int COMPRESSORS = 4;

    /** How many fill values can have an index. */
    public static final int FILL_INDEXES = 1 << 12;

    private static final int STATE_SHIFT = 60;
    private static final int STATE_MASK = 7;
    private static final int BARE_STATE_MASK = 15;
    private static final int CHECK_SHIFT = 54;
    private static final int CHECK_BITS = 6;
    private static final int CHECK_MASK = (1 << CHECK_BITS) - 1;
    private static final long CONTENT_MASK = (1L << CHECK_SHIFT) - 1;

    private static final int COMPRESSOR_SHIFT = 51;
    private static final int LENGTH_SHIFT = 39;
    private static final int LENGTH_MASK = 0xfff;
    private static final int LOCATION_SHIFT = Allocator.HANDLE_ALIGNMENT_SHIFT;
    private static final long LOCATION_MASK = (1L << LENGTH_SHIFT) - 1;

    private static final long WIDE_BIT = 1L << 53;
    private static final int VALUE_UNUSED_BITS = 64 - 47;
    private static final long VALUE_MASK = -1L >>> VALUE_UNUSED_BITS;
    private static final int VALUE_HASH_BITS = 6;
    private static final int VALUE_HASH_SHIFT = 47;
    private static final int WIDE_HASH_BITS = 41;
    private static final int WIDE_HASH_SHIFT = 12;
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private static final int SEQUENCE_SHIFT = 32;
    private static final int SEQUENCE_MASK = (1 << 22) - 1;
    private static final long CHECKSUM_MASK = 0xffff_ffffL;

    /** What differs between a word and the same one locked: the lock's own bit, and the check bit that counts it. */
    static final long LOCK_BITS = withCheck(1L << 63);

    private static final long LEAVING_BITS = withCheck(1L << 53);

    /** The states whose words keep the place of the mark that a page is leaving. */
    private static final int MARKED_STATES =
            1 << COMPRESSED | 1 << RAW | ((1 << (LAST_OF_TIERS + 1)) - (1 << FIRST_FREE));

    /** The word of an {@link #EMPTY} slot. */
    public static final long EMPTY_WORD = 0;
    /** The word of a {@link #LOST} slot. */
    public static final long LOST_WORD = of(0, LOST);
    /** The word of an {@link #IN_FLIGHT} slot. */
    public static final long IN_FLIGHT_WORD = of(0, IN_FLIGHT);
    /** Stands for any word that fails its check. */
    public static final long DAMAGED_WORD = of(0, DAMAGED);

    private PageWord() {}

    private static long of(int state, long content) {
        return withCheck((long) state << STATE_SHIFT | content);
    }

    private static long withCheck(long word) {
        return word | (long) fold(word) << CHECK_SHIFT;
    }

    /** The parity of every sixth bit, from each of the lowest six on. */
    private static int fold(long word) {
        long folded = word ^ word >>> 48;
        folded ^= folded >>> 24;
        folded ^= folded >>> 12;
        folded ^= folded >>> 6;
        return (int) folded & CHECK_MASK;
    }

    /** What a word that was found in memory, locked or not, tells: the unlocked word, or {@link #DAMAGED_WORD}. */
    static long believed(long found) {
        long word = found < 0 ? found ^ LOCK_BITS : found;
        return isSound(word) ? word : DAMAGED_WORD;
    }

    /** Whether it is a word, and not locked. */
    private static boolean isSound(long word) {
        if (word < 0 || fold(word) != 0) {
            return false;
        }
        return word >>> STATE_SHIFT != 0
                || (word & CONTENT_MASK) == EMPTY
                || word == LOST_WORD
                || word == IN_FLIGHT_WORD;
    }

    /** One of the states above. */
    public static int state(long word) {
        int state = (int) (word >>> STATE_SHIFT) & STATE_MASK;
        return state != 0 ? state : (int) word & BARE_STATE_MASK;
    }

    /** Whether the word's state is in a set, which has bit {@code 1 << state} for each. */
    public static boolean isIn(int states, long word) {
        return (states >>> state(word) & 1) != 0;
    }

    /** Whether the slot is {@link #IN_FLIGHT}. */
    public static boolean isInFlight(long word) {
        return word == IN_FLIGHT_WORD;
    }

    /** A page that a compressor made {@code length} bytes of, 1 to 4096. */
    public static long compressed(int compressor, int length, long handle) {
        return located(COMPRESSED, compressor, length, handle >>> LOCATION_SHIFT);
    }

    /** An incompressible page of 4096 bytes. */
    public static long raw(long frame) {
        return located(RAW, 0, LENGTH_MASK + 1, frame);
    }

    private static long located(int state, int compressor, int length, long place) {
        return of(state, (long) compressor << COMPRESSOR_SHIFT | (long) (length - 1) << LENGTH_SHIFT | place);
    }

    /**
     * A page on the backing swap.
     *
     * @param sequence of which the low 22 bits count
     */
    public static long onDisk(int sequence, int checksum) {
        return of(ON_DISK, (long) (sequence & SEQUENCE_MASK) << SEQUENCE_SHIFT | (checksum & CHECKSUM_MASK));
    }

    /** The checksum given to {@link #onDisk}. */
    public static int checksum(long word) {
        return (int) word;
    }

    /**
     * A page on the backing swap that is encrypted.
     *
     * @param count below 2<sup>54</sup>; of two pages that were written to one place, no two have the same
     */
    public static long encrypted(long count) {
        return of(ON_DISK, count & CONTENT_MASK);
    }

    /**
     * A page in a log on the backing swap.
     *
     * @param length 1 to 4096, and then not compressed
     * @param offset where it is, a multiple of 4 below two to the power of {@link Allocator#HANDLE_BITS}
     */
    public static long inLog(int compressor, int length, long offset) {
        return located(ON_DISK, compressor, length, offset >>> LOCATION_SHIFT);
    }

    /**
     * A page in a further tier.
     *
     * @param state from {@link #FIRST_FREE} to {@link #LAST_OF_TIERS}
     * @param length 1 to 4096, and then not compressed
     * @param place as {@link #inLog} has it
     */
    public static long inTier(int state, int compressor, int length, long place) {
        return located(state, compressor, length, place >>> LOCATION_SHIFT);
    }

    /** The word of a page of which a copy is on its way to a slower tier. */
    public static long leaving(long word) {
        return isLeaving(word) ? word : word ^ LEAVING_BITS;
    }

    /** Whether the page is {@link #leaving} its tier. */
    public static boolean isLeaving(long word) {
        return isIn(MARKED_STATES, word) && (word & LEAVING_BITS & CONTENT_MASK) != 0;
    }

    /** The word of the page when it stays. */
    public static long staying(long word) {
        return isLeaving(word) ? word ^ LEAVING_BITS : word;
    }

    /** The count given to {@link #encrypted}. */
    public static long count(long word) {
        return word & CONTENT_MASK;
    }

    /** Whether {@link #filled} can hold this word. */
    public static boolean fitsInline(long value) {
        return signExtended(value) == value;
    }

    private static long signExtended(long value) {
        return value << VALUE_UNUSED_BITS >> VALUE_UNUSED_BITS;
    }

    /** A page that repeats {@code value}, for which {@link #fitsInline} holds. */
    public static long filled(long value) {
        return of(FILLED, hash(value, VALUE_HASH_BITS) << VALUE_HASH_SHIFT | (value & VALUE_MASK));
    }

    /** A page that repeats {@code value}, which lies at {@code index} of the table of fill values. */
    public static long filledWide(int index, long value) {
        return of(FILLED, WIDE_BIT | hash(value, WIDE_HASH_BITS) << WIDE_HASH_SHIFT | index);
    }

    private static long hash(long value, int bits) {
        return ((value ^ value >>> 32) * GOLDEN_RATIO) >>> (64 - bits);
    }

    /** Whether {@link #fillIndex} holds, rather than {@link #fillValue}. */
    public static boolean isWide(long word) {
        return (word & WIDE_BIT) != 0;
    }

    /** The repeated word of a {@link #filled} page. */
    public static long fillValue(long word) {
        return signExtended(word);
    }

    /** The index given to {@link #filledWide}. */
    public static int fillIndex(long word) {
        return (int) word & (FILL_INDEXES - 1);
    }

    /** Whether {@code value} is what was given to {@link #filled} or {@link #filledWide}. */
    public static boolean repeats(long word, long value) {
        return isWide(word)
                ? (word & ~WIDE_BIT & CONTENT_MASK) >>> WIDE_HASH_SHIFT == hash(value, WIDE_HASH_BITS)
                : (word & CONTENT_MASK) >>> VALUE_HASH_SHIFT == hash(value, VALUE_HASH_BITS);
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
        long place = word & LOCATION_MASK;
        return state(word) == RAW ? place : place << LOCATION_SHIFT;
    }

    /** The word of the same page, COMPRESSED, at another handle. */
    public static long withLocation(long word, long handle) {
        return withCheck(
                (word & CONTENT_MASK & ~LOCATION_MASK) | (long) state(word) << STATE_SHIFT | handle >>> LOCATION_SHIFT);
    }
}
