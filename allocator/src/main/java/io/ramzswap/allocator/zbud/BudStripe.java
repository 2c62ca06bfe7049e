package io.ramzswap.allocator.zbud;

import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.lock.SpinLock;

/**
 * A share of the frames: those with one object by how much is free, and all by age.
 *
 * <pre>
 *  control area of a stripe, 512 bytes
 *  0         8          ...      520
 *  +---------+---------+- - -+
 *  | newest  | oldest  | unbuddied: one head for 0 to 63 free chunks, 4 bytes each
 *  +---------+---------+- - -+
 *   4 bytes each: number of a frame + 1, or 0
 * </pre>
 *
 * <p>The caller holds {@link #lock}.
 */
final class BudStripe {
    static final int CONTROL_BYTES = 512;
    static final long NONE = -1;

    private static final int NEWEST = 0;
    private static final int OLDEST = 4;
    private static final int UNBUDDIED = 8;

    final SpinLock lock = new SpinLock();
    private final Arena arena;
    private final BudFrame frames;
    private final long control;
    /** Bit i: the list of frames with i free chunks is not empty. */
    private long unbuddied;

    private long objects;
    private long chunks;

    BudStripe(Arena arena, long control) {
        this.arena = arena;
        this.frames = new BudFrame(arena.memory());
        this.control = control;
        for (int at = 0; at < CONTROL_BYTES; at += Integer.BYTES) {
            setHead(at, 0);
        }
    }

    /** Puts an object beside another one where it fits most tightly; NONE if no frame has as much free. */
    long allocate(int size) {
        long lists = unbuddied & (-1L << size);
        if (lists == 0) {
            return NONE;
        }
        int list = UNBUDDIED + Long.numberOfTrailingZeros(lists) * Integer.BYTES;
        long frame = offset(head(list));
        unlist(frame);
        long object = frames.put(frame, size);
        makeNewest(frame);
        count(1, size);
        return object;
    }

    /** Takes in a formatted frame with its first object. */
    long allocateIn(long frame, int size) {
        pushAge(frame);
        long object = frames.put(frame, size);
        list(frame);
        count(1, size);
        return object;
    }

    /** Frees an object; true if its frame is empty now, and taken out. */
    boolean free(long frame, long object) {
        boolean dying = frames.isDying(frame);
        if (!dying && frames.isUnbuddied(frame)) {
            unlist(frame);
        }
        count(-1, -frames.chunks(frame, object));
        frames.remove(frame, object);
        if (dying) {
            return false; // who reclaims it sees to it
        }
        if (frames.isEmpty(frame)) {
            unlinkAge(frame);
            return true;
        }
        list(frame);
        return false;
    }

    /** Sets the oldest frame apart; its offset or NONE. */
    long beginReclaim() {
        int number = head(OLDEST);
        if (number == 0) {
            return NONE;
        }
        long frame = offset(number);
        if (frames.isUnbuddied(frame)) {
            unlist(frame);
        }
        unlinkAge(frame);
        frames.setDying(frame, true);
        return frame;
    }

    /** Ends the reclaim of a frame; true if it is empty. Else it lives on as the newest. */
    boolean endReclaim(long frame) {
        frames.setDying(frame, false);
        if (frames.isEmpty(frame)) {
            return true;
        }
        pushAge(frame);
        if (frames.isUnbuddied(frame)) {
            list(frame);
        }
        return false;
    }

    /** Takes in a frame that a killed process left; false if it is empty, and not taken in. */
    boolean recover(long frame) {
        if (frames.isEmpty(frame)) {
            return false;
        }
        int last = frames.lastChunks(frame);
        count((frames.firstChunks(frame) == 0 ? 0 : 1) + (last == 0 ? 0 : 1), frames.firstChunks(frame) + last);
        endReclaim(frame);
        return true;
    }

    private void count(int objectDelta, int chunkDelta) {
        objects += objectDelta;
        chunks += chunkDelta;
    }

    private void list(long frame) {
        int list = UNBUDDIED + frames.freeChunks(frame) * Integer.BYTES;
        int next = head(list);
        frames.setLink(frame, BudFrame.NEXT, next);
        frames.setLink(frame, BudFrame.PREVIOUS, 0);
        if (next != 0) {
            frames.setLink(offset(next), BudFrame.PREVIOUS, number(frame));
        }
        setHead(list, number(frame));
        unbuddied |= 1L << frames.freeChunks(frame);
    }

    private void unlist(long frame) {
        int free = frames.freeChunks(frame);
        int next = frames.link(frame, BudFrame.NEXT);
        int previous = frames.link(frame, BudFrame.PREVIOUS);
        if (next != 0) {
            frames.setLink(offset(next), BudFrame.PREVIOUS, previous);
        }
        if (previous != 0) {
            frames.setLink(offset(previous), BudFrame.NEXT, next);
        } else {
            setHead(UNBUDDIED + free * Integer.BYTES, next);
            unbuddied = next == 0 ? unbuddied & ~(1L << free) : unbuddied;
        }
    }

    private void makeNewest(long frame) {
        unlinkAge(frame);
        pushAge(frame);
    }

    private void pushAge(long frame) {
        int newest = head(NEWEST);
        frames.setLink(frame, BudFrame.NEWER, 0);
        frames.setLink(frame, BudFrame.OLDER, newest);
        if (newest != 0) {
            frames.setLink(offset(newest), BudFrame.NEWER, number(frame));
        } else {
            setHead(OLDEST, number(frame));
        }
        setHead(NEWEST, number(frame));
    }

    private void unlinkAge(long frame) {
        int newer = frames.link(frame, BudFrame.NEWER);
        int older = frames.link(frame, BudFrame.OLDER);
        if (newer != 0) {
            frames.setLink(offset(newer), BudFrame.OLDER, older);
        } else {
            setHead(NEWEST, older);
        }
        if (older != 0) {
            frames.setLink(offset(older), BudFrame.NEWER, newer);
        } else {
            setHead(OLDEST, newer);
        }
    }

    private int number(long frame) {
        return (int) arena.frameAt(frame) + 1;
    }

    private long offset(int number) {
        return arena.frameOffset(number - 1L);
    }

    private int head(int at) {
        return arena.slab(control).getInt(SharedMemory.position(control) + at);
    }

    private void setHead(int at, int number) {
        arena.slab(control).putInt(SharedMemory.position(control) + at, number);
    }

    BudFrame frames() {
        return frames;
    }

    long objects() {
        return objects;
    }

    long objectBytes() {
        return chunks * BudFrame.CHUNK_BYTES;
    }
}
