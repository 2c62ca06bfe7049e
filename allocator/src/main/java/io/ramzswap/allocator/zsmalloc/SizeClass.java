package io.ramzswap.allocator.zsmalloc;

import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.lock.SpinLock;

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
 * <p>The caller holds {@link #lock}.
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
    private final Arena arena;
    private final Span spans;
    private final long control;
    private long spanCount;
    private long usedObjects;

    SizeClass(Arena arena, SizeClasses classes, int index, long control) {
        this.arena = arena;
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
            int frame = head(group);
            if (frame != 0) {
                return takeFrom(arena.frameOffset(frame - 1L), group);
            }
        }
        return NONE;
    }

    private long takeFrom(long span, int group) {
        int object = spans.take(span, objects);
        assert object != Span.NONE : "the span at " + span + " is full but listed";
        regroup(span, group, group(spans.used(span)));
        usedObjects++;
        return offset(span, object);
    }

    /** Frees the object at {@code offset}; true if its span is empty now, and taken out. */
    boolean free(long span, long offset) {
        int before = group(spans.used(span));
        spans.release(span, index(span, offset));
        usedObjects--;
        int used = spans.used(span);
        if (used == 0) {
            spanCount--;
            remove(span, before);
            return true;
        }
        regroup(span, before, group(used));
        return false;
    }

    /** The span that is emptied first when this class is compacted, or NONE if that frees none. */
    long source() {
        if (spanCount * objects - usedObjects < objects) {
            return NONE;
        }
        for (int group = 0; group < GROUPS; group++) {
            int frame = head(group);
            if (frame != 0) {
                return arena.frameOffset(frame - 1L);
            }
        }
        return NONE;
    }

    /** Takes an object of the fullest span but {@code source}; its offset or NONE. */
    long allocateElsewhere(long source) {
        for (int group = GROUPS - 1; group >= 0; group--) {
            int frame = head(group);
            if (frame != 0 && arena.frameOffset(frame - 1L) == source) {
                frame = spans.next(source);
            }
            if (frame != 0) {
                return takeFrom(arena.frameOffset(frame - 1L), group);
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
        int frame = (int) arena.frameAt(span) + 1;
        int next = head(group);
        spans.setNext(span, next);
        spans.setPrevious(span, 0);
        setHead(group, frame);
        if (next != 0) {
            spans.setPrevious(arena.frameOffset(next - 1L), frame);
        }
    }

    private void remove(long span, int group) {
        if (group == FULL) {
            return;
        }
        int next = spans.next(span);
        int previous = spans.previous(span);
        if (next != 0) {
            spans.setPrevious(arena.frameOffset(next - 1L), previous);
        }
        if (previous != 0) {
            spans.setNext(arena.frameOffset(previous - 1L), next);
        } else {
            setHead(group, next);
        }
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
