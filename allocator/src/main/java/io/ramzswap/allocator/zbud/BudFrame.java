package io.ramzswap.allocator.zbud;

import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.SharedMemory;

/**
 * A frame of at most two objects, one from either end, in chunks of 64 bytes.
 *
 * <pre>
 *  0          64                                            4096
 *  +----------+--------------+------------------+-------------+
 *  |  header  | first object |       free       | last object |
 *  +----------+--------------+------------------+-------------+
 *
 *  header  0  first      chunks of the first object, 0 if there is none
 *          1  last       chunks of the last object; these two are the truth, all else can be made anew
 *          2  dying      not 0 while the frame is being reclaimed
 *          3  check      the exclusive or of these four bytes is 0xA5: else the frame is damaged, and set apart
 *          4  next       unbuddied frames with as much free: their number + 1, or 0
 *          8  previous
 *         12  newer      all frames by age, in the same way
 *         16  older
 * </pre>
 *
 * <p>Frames are known by their offset. The caller holds the stripe's lock.
 */
final class BudFrame {
    static final int CHUNK_BYTES = 64;
    /** Chunks of a frame behind its header. */
    static final int CHUNKS = Arena.FRAME_BYTES / CHUNK_BYTES - 1;

    static final int NEXT = 4;
    static final int PREVIOUS = 8;
    static final int NEWER = 12;
    static final int OLDER = 16;

    private static final int FIRST = 0;
    private static final int LAST = 1;
    private static final int DYING = 2;
    private static final int CHECK_AT = 3;
    private static final int CHECK = 0xA5;

    private final SharedMemory memory;

    BudFrame(SharedMemory memory) {
        this.memory = memory;
    }

    void format(long frame) {
        for (int at = 0; at < CHUNK_BYTES; at += Long.BYTES) {
            memory.slab(frame).putLong(SharedMemory.position(frame) + at, 0);
        }
        seal(frame);
    }

    private void seal(long frame) {
        int content = getByte(frame + FIRST) ^ getByte(frame + LAST) ^ getByte(frame + DYING);
        putByte(frame + CHECK_AT, content ^ CHECK);
    }

    /** For a frame that a killed process left, perhaps between two of its bytes. */
    void recover(long frame) {
        setDying(frame, false);
    }

    /** Whether the frame's first four bytes fit together. */
    boolean isSound(long frame) {
        int all = getByte(frame + FIRST) ^ getByte(frame + LAST) ^ getByte(frame + DYING) ^ getByte(frame + CHECK_AT);
        int first = firstChunks(frame);
        int last = lastChunks(frame);
        return (all & 0xff) == CHECK && first >= 0 && last >= 0 && first + last <= CHUNKS;
    }

    /** Whether there is an object at that offset. */
    boolean isObject(long frame, long object) {
        return isFirst(frame, object) || (object == last(frame) && lastChunks(frame) != 0);
    }

    int firstChunks(long frame) {
        return getByte(frame + FIRST);
    }

    int lastChunks(long frame) {
        return getByte(frame + LAST);
    }

    int freeChunks(long frame) {
        return CHUNKS - firstChunks(frame) - lastChunks(frame);
    }

    boolean isEmpty(long frame) {
        return firstChunks(frame) == 0 && lastChunks(frame) == 0;
    }

    /** Whether a second object could be put in. */
    boolean isUnbuddied(long frame) {
        return firstChunks(frame) == 0 || lastChunks(frame) == 0;
    }

    boolean isDying(long frame) {
        return getByte(frame + DYING) != 0;
    }

    void setDying(long frame, boolean dying) {
        putByte(frame + DYING, dying ? 1 : 0);
        seal(frame);
    }

    /** Puts an object in the place that is free; its offset. */
    long put(long frame, int chunks) {
        if (firstChunks(frame) == 0) {
            putByte(frame + FIRST, chunks);
            seal(frame);
            return first(frame);
        }
        putByte(frame + LAST, chunks);
        seal(frame);
        return last(frame);
    }

    long first(long frame) {
        return frame + CHUNK_BYTES;
    }

    long last(long frame) {
        return frame + Arena.FRAME_BYTES - (long) lastChunks(frame) * CHUNK_BYTES;
    }

    boolean isFirst(long frame, long object) {
        return object == first(frame) && firstChunks(frame) != 0;
    }

    int chunks(long frame, long object) {
        return isFirst(frame, object) ? firstChunks(frame) : lastChunks(frame);
    }

    void remove(long frame, long object) {
        if (isFirst(frame, object)) {
            putByte(frame + FIRST, 0);
        } else {
            putByte(frame + LAST, 0);
        }
        seal(frame);
    }

    int link(long frame, int which) {
        return memory.slab(frame).getInt(SharedMemory.position(frame) + which);
    }

    void setLink(long frame, int which, int value) {
        memory.slab(frame).putInt(SharedMemory.position(frame) + which, value);
    }

    private int getByte(long at) {
        return memory.slab(at).get(SharedMemory.position(at));
    }

    private void putByte(long at, int value) {
        memory.slab(at).put(SharedMemory.position(at), (byte) value);
    }
}
