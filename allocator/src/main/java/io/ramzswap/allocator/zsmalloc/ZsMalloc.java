package io.ramzswap.allocator.zsmalloc;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorStatistics;
import io.ramzswap.allocator.MoveListener;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.FrameTag;
import io.ramzswap.allocator.pool.Pool;

/**
 * Objects of the same size class share spans of frames, as in the kernel's zsmalloc.
 *
 * <h2>Terms</h2>
 *
 * <ul>
 *   <li><b>class</b>: the objects of up to a certain size; see {@code SizeClasses}. Each has a lock of its own
 *   <li><b>span</b>: 1 to 16 neighbouring frames full of objects of one class; see {@code Span}
 * </ul>
 *
 * <pre>
 *  span of three frames   0                4096              8192              12288
 *                         +--------+-----------+-----------+-----------+-----------+
 *                         | header | object 0  | object 1  | object 2  | object 3  |
 *                         +--------+-----------+-----------+-----------+-----------+
 *  payload of its frames' words
 *   first frame   class + 1
 *   the others    how far back the first one is
 *
 *  handle         the object's offset from the start of the arena
 * </pre>
 *
 * <h2>How it works</h2>
 *
 * <ol>
 *   <li>Allocate takes the first free object of one of the fullest spans of the class, or of a new span.
 *   <li>Free finds the span by the frame's word and the object by division. An empty span goes back to the arena.
 *   <li>Compaction moves objects, one at a time, from the emptiest spans of a class to its fullest ones, as long as that
 *       frees a span.
 * </ol>
 */
public final class ZsMalloc implements Allocator {
    private static final SizeClasses CLASSES = new SizeClasses();

    private final Pool pool;
    private final Arena arena;
    private final SizeClass[] classes = new SizeClass[CLASSES.count()];
    private final Compaction compaction;

    private ZsMalloc(Pool pool) {
        this.pool = pool;
        this.arena = pool.arena();
        for (int i = 0; i < classes.length; i++) {
            classes[i] = new SizeClass(pool, CLASSES, i, pool.controlOffset(0) + (long) i * SizeClass.CONTROL_BYTES);
        }
        this.compaction = new Compaction(pool, classes);
    }

    /** A new allocator as pool 0 of the arena. */
    public static ZsMalloc create(Arena arena) {
        return create(arena, 0);
    }

    /**
     * A new allocator.
     *
     * @param pool its number in the arena, 0 to 15
     * @throws IllegalStateException if the arena has no memory for the control area
     */
    public static ZsMalloc create(Arena arena, int pool) {
        int bytes = CLASSES.count() * SizeClass.CONTROL_BYTES;
        int frames = (bytes + Arena.FRAME_BYTES - 1) / Arena.FRAME_BYTES;
        return new ZsMalloc(Pool.create(arena, pool, FrameTag.ZSMALLOC, frames));
    }

    /** Takes over the pool that a process which is gone left in an arena. Objects in use stay so. */
    public static ZsMalloc open(Arena arena, int pool) {
        ZsMalloc opened = new ZsMalloc(Pool.open(arena, pool, FrameTag.ZSMALLOC));
        opened.recover();
        return opened;
    }

    private void recover() {
        pool.recover(frame -> classes[classOf(frame)].frames);
        for (long frame = pool.nextRun(0); frame != Arena.NONE; frame = pool.nextRun(frame + 1)) {
            SizeClass sizeClass = classes[classOf(frame)];
            if (!sizeClass.recover(frame)) {
                pool.freeRun(frame, sizeClass.frames);
            }
        }
    }

    @Override
    public long allocate(int sizeBytes) {
        assert sizeBytes > 0 && sizeBytes <= MAX_OBJECT_BYTES : "size " + sizeBytes;
        if (sizeBytes > SizeClasses.MAX_SIZE) {
            return pool.allocateWhole();
        }
        int index = CLASSES.of(sizeBytes);
        SizeClass sizeClass = classes[index];
        sizeClass.lock.lock();
        long offset = sizeClass.allocate();
        sizeClass.lock.unlock();
        return offset == SizeClass.NONE ? allocateFromNewSpan(sizeClass, index) : offset;
    }

    private long allocateFromNewSpan(SizeClass sizeClass, int index) {
        long frame = pool.takeRun(sizeClass.frames);
        if (frame == Arena.NONE) {
            return NONE;
        }
        sizeClass.format(frame);
        pool.publishRun(frame, sizeClass.frames, SizeClass.payload(index));
        sizeClass.lock.lock();
        long offset = sizeClass.allocateIn(frame);
        sizeClass.lock.unlock();
        return offset;
    }

    @Override
    public boolean free(long handle) {
        if (pool.isWhole(handle)) {
            return pool.freeWhole(handle);
        }
        long frame = pool.runOf(arena.frameAt(handle));
        if (frame == Arena.NONE || classOf(frame) >= classes.length) {
            pool.countDamage();
            return false;
        }
        SizeClass sizeClass = classes[classOf(frame)];
        long span = arena.frameOffset(frame);
        sizeClass.lock.lock();
        boolean isThere;
        boolean emptied;
        try {
            isThere = sizeClass.hasObject(span, handle);
            emptied = isThere && sizeClass.free(span, handle);
        } finally {
            sizeClass.lock.unlock();
        }
        if (!isThere) {
            pool.countDamage();
        }
        if (emptied) {
            pool.freeRun(frame, sizeClass.frames);
        }
        return isThere;
    }

    private int classOf(long firstFrame) {
        return (int) pool.payload(firstFrame) - 1;
    }

    @Override
    public long offset(long handle) {
        return handle;
    }

    @Override
    public int size(long handle) {
        return pool.isWhole(handle) ? MAX_OBJECT_BYTES : classes[classOf(pool.runOf(arena.frameAt(handle)))].size;
    }

    @Override
    public long compact(MoveListener listener, long mostBytes) {
        return compaction.run(listener, mostBytes);
    }

    @Override
    public void forEachObject(Allocator.ObjectVisitor visitor) {
        pool.forEachWhole(visitor);
        for (long frame = pool.nextRun(0); frame != Arena.NONE; frame = pool.nextRun(frame + 1)) {
            SizeClass sizeClass = classes[classOf(frame)];
            long span = arena.frameOffset(frame);
            long object = sizeClass.nextUsed(span, span);
            while (object != SizeClass.NONE) {
                visitor.visit(object);
                object = sizeClass.nextUsed(span, object + sizeClass.size);
            }
        }
    }

    @Override
    public AllocatorStatistics statistics() {
        long objects = pool.wholeObjects();
        long bytes = objects * MAX_OBJECT_BYTES;
        for (SizeClass sizeClass : classes) {
            sizeClass.lock.lock();
            objects += sizeClass.usedObjects();
            bytes += sizeClass.usedObjects() * sizeClass.size;
            sizeClass.lock.unlock();
        }
        return new AllocatorStatistics(
                objects,
                bytes,
                pool.heldBytes(),
                compaction.movedObjects(),
                compaction.movedBytes(),
                compaction.vetoes());
    }
}
