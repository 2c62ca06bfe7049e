package io.ramzswap.backing.log;

import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.arena.SharedMemoryException;
import java.lang.invoke.VarHandle;

/**
 * What is known of each segment, off heap.
 *
 * <pre>
 *   0            8            16     24       32
 *   +------------+------------+------+--------+
 *   | generation | live bytes | pins | state  |
 *   +------------+------------+------+--------+
 * </pre>
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

    private static final int RECORD_BYTES = 32;
    private static final int GENERATION = 0;
    private static final int LIVE = 8;
    private static final int PINS = 16;
    private static final int STATE = 24;

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
        this.memory = SharedMemory.createPopulated("ramzswap-segments", Math.max(1, (long) count) * RECORD_BYTES);
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

    /** The number of the opening that the segment's objects are of. */
    long generation(int segment) {
        return memory.getLong(at(segment, GENERATION));
    }

    int state(int segment) {
        return (int) memory.getLong(at(segment, STATE));
    }

    void setState(int segment, int state) {
        memory.putLong(at(segment, STATE), state);
    }

    /** Bytes of objects that are in the page table, or are to be. */
    long live(int segment) {
        return memory.getLong(at(segment, LIVE));
    }

    void addLive(int segment, int bytes) {
        memory.addLong(at(segment, LIVE), bytes);
    }

    /** Keeps the segment from being used again. Whoever does this looks at the page table afterwards. */
    void pin(int segment) {
        memory.addLong(at(segment, PINS), 1);
        VarHandle.fullFence();
    }

    void unpin(int segment) {
        memory.addLong(at(segment, PINS), -1);
    }

    /** Makes a free segment the open one; or answers {@link #NONE}. */
    int open() {
        for (int tries = 0; tries < count; tries++) {
            cursor = cursor + 1 == count ? 0 : cursor + 1;
            if (isFree(cursor)) {
                memory.putLong(at(cursor, GENERATION), ++generations);
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
        return memory.getLong(at(segment, PINS)) == 0;
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
            bytes += live(segment);
        }
        return bytes;
    }

    @Override
    public void close() {
        memory.close();
    }
}
