package io.ramzswap.allocator.zbud;

import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.pool.Pool;
import io.ramzswap.allocator.pool.SpinLock;

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
 * <p>No head and no link is followed that the frame there does not confirm. The caller holds {@link #lock}.
 */
final class BudStripe {
    static final int CONTROL_BYTES = 512;
    static final long NONE = -1;

    private static final int NEWEST = 0;
    private static final int OLDEST = 4;
    private static final int UNBUDDIED = 8;

    final SpinLock lock = new SpinLock();
    private final Pool pool;
    private final Arena arena;
    private final long payload;
    private final BudFrame frames;
    private final long control;
    /** Bit i: the list of frames with i free chunks is not empty. */
    private long unbuddied;

    private long objects;
    private long chunks;

    /** The stripe of a number of a pool. */
    BudStripe(Pool pool, int index, long control) {
        this.pool = pool;
        this.arena = pool.arena();
        this.payload = payload(index);
        this.frames = new BudFrame(arena.memory());
        this.control = control;
        for (int at = 0; at < CONTROL_BYTES; at += Integer.BYTES) {
            setHead(at, 0);
        }
    }

    /** The meaning of the words of a stripe's frames. */
    static long payload(int index) {
        return index + 1L;
    }

    /** Puts an object beside another one where it fits most tightly; NONE if no frame has as much free. */
    long allocate(int size) {
        for (long lists = unbuddied & (-1L << size); lists != 0; lists &= lists - 1) {
            int free = Long.numberOfTrailingZeros(lists);
            int number = head(listOf(free));
            if (isListed(number, free)) {
                long frame = offset(number);
                unlist(frame);
                long object = frames.put(frame, size);
                makeNewest(frame);
                count(1, size);
                return object;
            }
            pool.countDamage();
            emptyList(free);
        }
        return NONE;
    }

    private static int listOf(int freeChunks) {
        return UNBUDDIED + freeChunks * Integer.BYTES;
    }

    /** Whether that is the number of a frame of this stripe with one object and so much free. */
    private boolean isListed(int number, int freeChunks) {
        if (!isPlace(number) || !isOwn(number - 1L)) {
            return false;
        }
        long frame = offset(number);
        return frames.isSound(frame)
                && !frames.isDying(frame)
                && frames.isUnbuddied(frame)
                && frames.freeChunks(frame) == freeChunks;
    }

    private boolean isPlace(int number) {
        return number != 0 && pool.isFrame(number - 1L);
    }

    private boolean isOwn(long frame) {
        return pool.isRun(frame) && pool.payload(frame) == payload;
    }

    private void emptyList(int freeChunks) {
        setHead(listOf(freeChunks), 0);
        unbuddied &= ~(1L << freeChunks);
    }

    /** Whether the frame, of this stripe, has an object at that offset. */
    boolean hasObject(long frame, long object) {
        return frames.isSound(frame) && frames.isObject(frame, object);
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
        if (!isPlace(number) || !isOwn(number - 1L) || !frames.isSound(offset(number))) {
            pool.countDamage();
            setHead(OLDEST, 0);
            setHead(NEWEST, 0);
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
        frames.recover(frame);
        if (!frames.isSound(frame)) {
            pool.countDamage();
            return true;
        }
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
        int free = frames.freeChunks(frame);
        int next = head(listOf(free));
        if (next != 0 && !(isPlace(next) && frames.link(offset(next), BudFrame.PREVIOUS) == 0)) {
            pool.countDamage();
            next = 0;
        }
        frames.setLink(frame, BudFrame.NEXT, next);
        frames.setLink(frame, BudFrame.PREVIOUS, 0);
        if (next != 0) {
            frames.setLink(offset(next), BudFrame.PREVIOUS, number(frame));
        }
        setHead(listOf(free), number(frame));
        unbuddied |= 1L << free;
    }

    /** Changes no link of a neighbour that does not point back: the frames behind it have left the list for good. */
    private void unlist(long frame) {
        int free = frames.freeChunks(frame);
        int next = frames.link(frame, BudFrame.NEXT);
        int previous = frames.link(frame, BudFrame.PREVIOUS);
        boolean isFirst = head(listOf(free)) == number(frame);
        if (!isAnswered(next, BudFrame.PREVIOUS, frame) || (!isFirst && !isAnswered(previous, BudFrame.NEXT, frame))) {
            pool.countDamage();
            if (isFirst) {
                emptyList(free);
            }
            return;
        }
        if (next != 0) {
            frames.setLink(offset(next), BudFrame.PREVIOUS, isFirst ? 0 : previous);
        }
        if (isFirst) {
            setHead(listOf(free), next);
            unbuddied = next == 0 ? unbuddied & ~(1L << free) : unbuddied;
        } else if (previous != 0) {
            frames.setLink(offset(previous), BudFrame.NEXT, next);
        }
    }

    /** Whether there is no neighbour, or one that points back. */
    private boolean isAnswered(int neighbour, int which, long frame) {
        return neighbour == 0 || (isPlace(neighbour) && frames.link(offset(neighbour), which) == number(frame));
    }

    private void makeNewest(long frame) {
        unlinkAge(frame);
        pushAge(frame);
    }

    private void pushAge(long frame) {
        int newest = head(NEWEST);
        if (newest != 0 && !(isPlace(newest) && frames.link(offset(newest), BudFrame.NEWER) == 0)) {
            pool.countDamage();
            newest = 0;
        }
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
        boolean isNewest = head(NEWEST) == number(frame);
        boolean isOldest = head(OLDEST) == number(frame);
        if ((!isNewest && !isAnswered(newer, BudFrame.OLDER, frame))
                || (!isOldest && !isAnswered(older, BudFrame.NEWER, frame))) {
            pool.countDamage();
            older = isNewest ? 0 : older;
            newer = isOldest ? 0 : newer;
        } else {
            if (!isNewest && newer != 0) {
                frames.setLink(offset(newer), BudFrame.OLDER, isOldest ? 0 : older);
            }
            if (!isOldest && older != 0) {
                frames.setLink(offset(older), BudFrame.NEWER, isNewest ? 0 : newer);
            }
        }
        if (isNewest) {
            setHead(NEWEST, older);
        }
        if (isOldest) {
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
