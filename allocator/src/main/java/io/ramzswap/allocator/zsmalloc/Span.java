package io.ramzswap.allocator.zsmalloc;

import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.SharedMemory;
import java.nio.ByteBuffer;

/**
 * A run of frames full of objects of one class.
 *
 * <pre>
 *  0      4       8      12      16                16 + 8 w
 *  +------+-------+------+-------+--------------------+----------+----------+- -
 *  | used | unused| next | prev. |  one bit an object | object 0 | object 1 |
 *  +------+-------+------+-------+--------------------+----------+----------+- -
 *  used         objects in use
 *  next, prev.  the spans of the same class and fullness: their first frame + 1, or 0
 *  bits         set for objects in use: they are the truth, all else can be made anew from them
 * </pre>
 *
 * <p>Where the bits are not as many as are used, one or the other is damaged. Nothing more is put into such a span, and it is not
 * given back.
 *
 * <p>Spans are known by the offset of their header. The caller holds the class's lock.
 */
final class Span {
    static final int NONE = -1;

    private static final int USED = 0;
    private static final int NEXT = 8;
    private static final int PREVIOUS = 12;
    private static final int BITS = 16;

    private final SharedMemory memory;

    Span(SharedMemory memory) {
        this.memory = memory;
    }

    static int headerBytes(int objects) {
        return BITS + ((objects + 63) >>> 6) * Long.BYTES;
    }

    /** The number of objects of {@code size} bytes that fit a span of {@code frames}. */
    static int objects(int frames, int size) {
        int bytes = frames * Arena.FRAME_BYTES;
        int objects = bytes / size;
        while (objects > 0 && headerBytes(objects) + objects * size > bytes) {
            objects--;
        }
        return objects;
    }

    void format(long span, int objects) {
        for (int at = 0; at < headerBytes(objects); at += Long.BYTES) {
            memory.slab(span).putLong(SharedMemory.position(span) + at, 0);
        }
    }

    int used(long span) {
        return getInt(span + USED);
    }

    /** Takes a free object: its index, or {@link #NONE}. */
    int take(long span, int objects) {
        ByteBuffer slab = memory.slab(span);
        int bits = SharedMemory.position(span) + BITS;
        for (int first = 0; first < objects; first += Long.SIZE, bits += Long.BYTES) {
            long word = slab.getLong(bits);
            if (word != -1) {
                int bit = Long.numberOfTrailingZeros(~word);
                if (first + bit >= objects) {
                    return NONE;
                }
                slab.putLong(bits, word | (1L << bit));
                addUsed(span, 1);
                return first + bit;
            }
        }
        return NONE;
    }

    /** Whether the object is in use. */
    boolean isUsed(long span, int object) {
        long at = bitsAt(span, object);
        return (memory.slab(at).getLong(SharedMemory.position(at)) & (1L << object)) != 0;
    }

    /** Gives back an object that is in use. */
    void release(long span, int object) {
        long at = bitsAt(span, object);
        ByteBuffer slab = memory.slab(at);
        int position = SharedMemory.position(at);
        slab.putLong(position, slab.getLong(position) & ~(1L << object));
        addUsed(span, -1);
    }

    /** Whether as many objects are used as have their bit set. */
    boolean isSound(long span, int objects) {
        return used(span) == countBits(span, objects);
    }

    private int countBits(long span, int objects) {
        ByteBuffer slab = memory.slab(span);
        int bits = SharedMemory.position(span) + BITS;
        int count = 0;
        for (int first = 0; first < objects; first += Long.SIZE, bits += Long.BYTES) {
            count += Long.bitCount(slab.getLong(bits));
        }
        return count;
    }

    /** The first object in use from {@code from} on, or {@link #NONE}. */
    int nextUsed(long span, int objects, int from) {
        for (int object = from; object < objects; object = (object | 63) + 1) {
            long at = bitsAt(span, object);
            long word = memory.slab(at).getLong(SharedMemory.position(at)) & (-1L << object);
            if (word != 0) {
                int found = (object & -64) + Long.numberOfTrailingZeros(word);
                return found < objects ? found : NONE;
            }
        }
        return NONE;
    }

    /** Counts the bits again and forgets the links, for a span left by a killed process. */
    void recover(long span, int objects) {
        int used = 0;
        for (int object = nextUsed(span, objects, 0); object != NONE; object = nextUsed(span, objects, object + 1)) {
            used++;
        }
        putInt(span + USED, used);
        setNext(span, 0);
        setPrevious(span, 0);
    }

    int next(long span) {
        return getInt(span + NEXT);
    }

    void setNext(long span, int frame) {
        putInt(span + NEXT, frame);
    }

    int previous(long span) {
        return getInt(span + PREVIOUS);
    }

    void setPrevious(long span, int frame) {
        putInt(span + PREVIOUS, frame);
    }

    private void addUsed(long span, int delta) {
        putInt(span + USED, used(span) + delta);
    }

    private static long bitsAt(long span, int object) {
        return span + BITS + (long) (object >>> 6) * Long.BYTES;
    }

    private int getInt(long at) {
        return memory.slab(at).getInt(SharedMemory.position(at));
    }

    private void putInt(long at, int value) {
        memory.slab(at).putInt(SharedMemory.position(at), value);
    }
}
