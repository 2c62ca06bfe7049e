package io.ramzswap.backing.log;

import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.arena.SharedMemoryException;
import java.lang.invoke.VarHandle;

/**
 * What is known of each segment, off heap.
 *
 * <pre>
 *   0                    8                16         24                         32
 *   +--------------------+----------------+----------+--------------------------+
 *   | check | generation | 3 x live bytes | 3 x pins | check | generation | state |
 *   +--------------------+----------------+----------+--------------------------+
 *    63..56  55..0                                    63..56  55..4        3..0
 * </pre>
 *
 * <p>Nothing of it is believed that fails its check: the check of a word makes the exclusive or of its eight bytes zero, and
 * what is not a multiple of three is no count. A generation that is damaged is read from the other word. A damaged state counts
 * as sealed. A segment whose count is damaged is not used again: it is neither known to be free, nor worth cleaning.
 *
 * <p>Any thread frees and pins; only the writer's opens, seals and chooses.
 */
final class Segments implements AutoCloseable {
    /** Nothing of it is live, or it was never used. */
    static final int FREE = 0;
    /** Objects are being added. */
    static final int OPEN = 1;
    /** Full. It is free as soon as nothing of it is live and nobody reads in it. */
    static final int SEALED = 2;
    /** Sealed, and being cleaned. */
    static final int VICTIM = 3;
    /** Sealed, and something in it could not be read. */
    static final int STUCK = 4;

    static final int NONE = -1;

    static final int RECORD_BYTES = 32;
    private static final int GENERATION = 0;
    private static final int LIVE = 8;
    private static final int PINS = 16;
    private static final int STATE = 24;

    private static final int STATE_BITS = 4;
    private static final int STATE_MASK = (1 << STATE_BITS) - 1;
    private static final int CHECK_SHIFT = 56;
    private static final long CHECKED_MASK = (1L << CHECK_SHIFT) - 1;
    /** No single flipped bit makes of a multiple of three another. */
    private static final int COUNT_FACTOR = 3;

    /** Stands for a count that is damaged: more than any. */
    private static final long UNKNOWN = Long.MAX_VALUE;

    private final SharedMemory memory;
    private final int count;
    private long generations;
    private int cursor;

    /**
     * Free segments.
     *
     * @throws SharedMemoryException if there is no memory
     */
    Segments(int count) {
        this.count = count;
        this.memory = SharedMemory.createPopulated("ramzswap-segments", bytes(count));
    }

    /** Memory that so many take. */
    static long bytes(int count) {
        return Math.max(1, (long) count) * RECORD_BYTES;
    }

    /** The memory that the records lie in, one behind the other. */
    SharedMemory memory() {
        return memory;
    }

    long bytes() {
        return memory.bytes();
    }

    int count() {
        return count;
    }

    private static long at(int segment, int field) {
        return (long) segment * RECORD_BYTES + field;
    }

    /** The number of the opening that the segment's objects are of; if it is not known, one that none is of. */
    long generation(int segment) {
        long word = memory.getLong(at(segment, GENERATION));
        if (isSound(word)) {
            return word & CHECKED_MASK;
        }
        long second = memory.getLong(at(segment, STATE));
        return isSound(second) ? (second & CHECKED_MASK) >>> STATE_BITS : -1;
    }

    int state(int segment) {
        long word = memory.getLong(at(segment, STATE));
        return isSound(word) ? (int) word & STATE_MASK : SEALED;
    }

    void setState(int segment, int state) {
        memory.putLong(at(segment, STATE), withCheck(((generation(segment) << STATE_BITS) & CHECKED_MASK) | state));
    }

    private static long withCheck(long content) {
        return content | fold(content) << CHECK_SHIFT;
    }

    private static boolean isSound(long word) {
        return fold(word) == 0;
    }

    /** The exclusive or of all bytes. */
    private static long fold(long word) {
        long folded = word ^ word >>> 32;
        folded ^= folded >>> 16;
        folded ^= folded >>> 8;
        return folded & 0xff;
    }

    private long count(int segment, int field) {
        long count = memory.getLong(at(segment, field));
        return count % COUNT_FACTOR == 0 ? count / COUNT_FACTOR : UNKNOWN;
    }

    private void add(int segment, int field, int number) {
        memory.addLong(at(segment, field), (long) number * COUNT_FACTOR);
    }

    /** Bytes of objects that are in the page table, or are to be; if they are not known, more than any segment has. */
    long live(int segment) {
        return count(segment, LIVE);
    }

    void addLive(int segment, int bytes) {
        add(segment, LIVE, bytes);
    }

    /** Keeps the segment from being used again. Whoever does this looks at the page table afterwards. */
    void pin(int segment) {
        add(segment, PINS, 1);
        VarHandle.fullFence();
    }

    void unpin(int segment) {
        add(segment, PINS, -1);
    }

    /** Makes a free segment the open one; or answers {@link #NONE}. */
    int open() {
        for (int tries = 0; tries < count; tries++) {
            cursor = cursor + 1 == count ? 0 : cursor + 1;
            if (isFree(cursor)) {
                memory.putLong(at(cursor, GENERATION), withCheck(++generations));
                setState(cursor, OPEN);
                return cursor;
            }
        }
        return NONE;
    }

    /** One that could be opened; or {@link #NONE}. */
    int anyFree() {
        for (int segment = 0; segment < count; segment++) {
            if (isFree(segment)) {
                return segment;
            }
        }
        return NONE;
    }

    /** How many could be opened. */
    int free() {
        int free = 0;
        for (int segment = 0; segment < count; segment++) {
            free += isFree(segment) ? 1 : 0;
        }
        return free;
    }

    /** Who freed the last object had replaced its word before; who pinned since has seen that. */
    boolean isFree(int segment) {
        int state = state(segment);
        if (state == OPEN || state == VICTIM || live(segment) != 0) {
            return false;
        }
        VarHandle.fullFence();
        return count(segment, PINS) == 0;
    }

    /** Whether more than so many could be opened. */
    boolean hasMoreFreeThan(int some) {
        int free = 0;
        for (int segment = 0; segment < count && free <= some; segment++) {
            free += isFree(segment) ? 1 : 0;
        }
        return free > some;
    }

    /** All of it that is live. */
    long liveBytes() {
        long bytes = 0;
        for (int segment = 0; segment < count; segment++) {
            long live = live(segment);
            bytes += live == UNKNOWN ? 0 : live;
        }
        return bytes;
    }

    @Override
    public void close() {
        memory.close();
    }
}
