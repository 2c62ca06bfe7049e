package io.ramzswap.allocator.zsmalloc;

import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.pool.Pool;
import io.ramzswap.allocator.pool.SpinLock;

/**
 * The spans of one class, in lists by how full they are.
 *
 * <pre>
 *  control area of a class
 *  0       4       8       12      16
 *  +-------+-------+-------+-------+
 *  | to 1/4| to 1/2| to 3/4| below 1|     the first span of each list: its first frame + 1, or 0
 *  +-------+-------+-------+-------+     full spans are in none
 * </pre>
 *
 * <p>No head and no link is followed that the span there does not confirm. The caller holds {@link #lock}.
 */
final class SizeClass {
    static final int CONTROL_BYTES = 16;
    static final long NONE = -1;

    private static final int GROUPS = 4;
    private static final int FULL = GROUPS;

    final SpinLock lock = new SpinLock();
    final int size;
    final int frames;
    final int objects;
    private final int header;
    private final Pool pool;
    private final Arena arena;
    private final long payload;
    private final Span spans;
    private final long control;
    private long spanCount;
    private long usedObjects;

    SizeClass(Pool pool, SizeClasses classes, int index, long control) {
        this.pool = pool;
        this.arena = pool.arena();
        this.payload = payload(index);
        this.spans = new Span(arena.memory());
        this.size = classes.size(index);
        this.frames = classes.frames(index);
        this.objects = classes.objects(index);
        this.header = Span.headerBytes(objects);
        this.control = control;
        for (int group = 0; group < GROUPS; group++) {
            setHead(group, 0);
        }
    }

    /** The meaning of the words of the first frames of a class's spans. */
    static long payload(int index) {
        return index + 1L;
    }

    /** Makes a run of frames an empty span; needs no lock. */
    void format(long frame) {
        spans.format(arena.frameOffset(frame), objects);
    }

    /** Takes in an empty span and takes its first object. */
    long allocateIn(long frame) {
        long span = arena.frameOffset(frame);
        spanCount++;
        push(span, 0);
        return takeFrom(span, 0);
    }

    /** Takes in a span that a killed process left; false if it is empty, and not taken in. */
    boolean recover(long frame) {
        long span = arena.frameOffset(frame);
        spans.recover(span, objects);
        int used = spans.used(span);
        if (used == 0) {
            return false;
        }
        spanCount++;
        usedObjects += used;
        if (group(used) != FULL) {
            push(span, group(used));
        }
        return true;
    }

    /** Takes an object of the fullest span that has one; its offset or NONE. */
    long allocate() {
        for (int group = GROUPS - 1; group >= 0; group--) {
            long span = first(group);
            if (span != NONE) {
                return takeFrom(span, group);
            }
        }
        return NONE;
    }

    /** The first span of a group; NONE if there is none, or what is there is damaged: then the list is empty from here on. */
    private long first(int group) {
        int number = head(group);
        if (number == 0) {
            return NONE;
        }
        if (!isListed(number, group)) {
            pool.countDamage();
            setHead(group, 0);
            return NONE;
        }
        return offset(number);
    }

    /** Whether that is the number of a span of this class that belongs into this group, all of whose figures agree. */
    private boolean isListed(int number, int group) {
        if (!isPlace(number) || !pool.isRun(number - 1L) || pool.payload(number - 1L) != payload) {
            return false;
        }
        long span = offset(number);
        int used = spans.used(span);
        return used >= 0 && used < objects && group(used) == group && spans.isSound(span, objects);
    }

    private boolean isPlace(int number) {
        return number != 0 && pool.isFrame(number - 1L);
    }

    private long offset(int number) {
        return arena.frameOffset(number - 1L);
    }

    private long takeFrom(long span, int group) {
        int object = spans.take(span, objects);
        if (object == Span.NONE) {
            return NONE;
        }
        regroup(span, group, group(spans.used(span)));
        usedObjects++;
        return offset(span, object);
    }

    /** Whether there is an object in use at {@code offset} of the span. */
    boolean hasObject(long span, long offset) {
        long inSpan = offset - span - header;
        return inSpan >= 0 && inSpan % size == 0 && inSpan / size < objects && spans.isUsed(span, index(span, offset));
    }

    /** Frees the object at {@code offset}; true if its span is empty now, and taken out. A damaged one stays, and out of the lists. */
    boolean free(long span, long offset) {
        int before = spans.used(span);
        boolean isSound = spans.isSound(span, objects);
        spans.release(span, index(span, offset));
        usedObjects--;
        if (!isSound) {
            pool.countDamage();
            return false;
        }
        int used = spans.used(span);
        if (used == 0) {
            spanCount--;
            remove(span, group(before));
            return true;
        }
        regroup(span, group(before), group(used));
        return false;
    }

    /** The span that is emptied first when this class is compacted, or NONE if that frees none. */
    long source() {
        if (spanCount * objects - usedObjects < objects) {
            return NONE;
        }
        for (int group = 0; group < GROUPS; group++) {
            long span = first(group);
            if (span != NONE) {
                return span;
            }
        }
        return NONE;
    }

    /** Takes an object of the fullest span but {@code source}; its offset or NONE. */
    long allocateElsewhere(long source) {
        for (int group = GROUPS - 1; group >= 0; group--) {
            long span = first(group);
            if (span == source) {
                int next = spans.next(source);
                span = next != 0 && isListed(next, group) ? offset(next) : NONE;
            }
            if (span != NONE && span != source) {
                return takeFrom(span, group);
            }
        }
        return NONE;
    }

    /** The first object in use of the span at or behind {@code offset}, or NONE. */
    long nextUsed(long span, long offset) {
        int from = offset <= span + header ? 0 : index(span, offset + size - 1);
        int object = from >= objects ? Span.NONE : spans.nextUsed(span, objects, from);
        return object == Span.NONE ? NONE : offset(span, object);
    }

    private long offset(long span, int object) {
        return span + header + (long) object * size;
    }

    private int index(long span, long offset) {
        return (int) (offset - span - header) / size;
    }

    private int group(int used) {
        return used == objects ? FULL : used * GROUPS / objects;
    }

    private void regroup(long span, int from, int to) {
        if (from != to) {
            if (from != FULL) {
                remove(span, from);
            }
            if (to != FULL) {
                push(span, to);
            }
        }
    }

    private void push(long span, int group) {
        int number = number(span);
        int next = head(group);
        if (next != 0 && !(isPlace(next) && spans.previous(offset(next)) == 0)) {
            pool.countDamage();
            next = 0;
        }
        spans.setNext(span, next);
        spans.setPrevious(span, 0);
        setHead(group, number);
        if (next != 0) {
            spans.setPrevious(offset(next), number);
        }
    }

    /** Changes no link of a neighbour that does not point back: the spans behind it have left the list for good. */
    private void remove(long span, int group) {
        if (group == FULL) {
            return;
        }
        int number = number(span);
        int next = spans.next(span);
        int previous = spans.previous(span);
        boolean isFirst = head(group) == number;
        boolean isSound = (next == 0 || (isPlace(next) && spans.previous(offset(next)) == number))
                && (isFirst || previous == 0 || (isPlace(previous) && spans.next(offset(previous)) == number));
        if (!isSound) {
            pool.countDamage();
        } else if (next != 0) {
            spans.setPrevious(offset(next), isFirst ? 0 : previous);
        }
        if (isFirst) {
            setHead(group, isSound ? next : 0);
        } else if (isSound && previous != 0) {
            spans.setNext(offset(previous), next);
        }
    }

    private int number(long span) {
        return (int) arena.frameAt(span) + 1;
    }

    private int head(int group) {
        long at = control + (long) group * Integer.BYTES;
        return arena.slab(at).getInt(SharedMemory.position(at));
    }

    private void setHead(int group, int frame) {
        long at = control + (long) group * Integer.BYTES;
        arena.slab(at).putInt(SharedMemory.position(at), frame);
    }

    long usedObjects() {
        return usedObjects;
    }
}
