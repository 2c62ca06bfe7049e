package io.ramzswap.allocator.zbud;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorStatistics;
import io.ramzswap.allocator.MoveListener;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.FrameTag;
import io.ramzswap.allocator.pool.Pool;
import io.ramzswap.allocator.pool.Stripes;

/**
 * At most two objects share a frame, as in zcache2's zbud. It wastes most of all allocators here, but a frame is freed by
 * evicting two objects at most, so its oldest frames can be reclaimed one by one.
 *
 * <ol>
 *   <li>Sizes are rounded up to chunks of 64 bytes; what is larger than a frame without its header gets a frame of its own.
 *   <li>Allocate looks in the thread's stripe for a frame with one object, from the one that fits most tightly up, and else
 *       takes a new frame. The frame becomes the newest.
 *   <li>Free gives an empty frame back to the arena; a frame of one object is listed by what is free in it.
 *   <li>Reclaim takes the oldest frame of a stripe out of the lists and asks the owner to evict its objects.
 * </ol>
 *
 * <p>How a frame is laid out is told at {@code BudFrame}. The payload of its word is its stripe + 1; a handle is an object's
 * offset from the start of the arena.
 */
public final class Zbud implements Allocator {
    private static final int MAX_STRIPES = Arena.FRAME_BYTES / BudStripe.CONTROL_BYTES;

    private final Pool pool;
    private final Arena arena;
    private final BudFrame frames;
    private final BudStripe[] stripes;

    private Zbud(Pool pool, int stripeCount) {
        this.pool = pool;
        this.arena = pool.arena();
        this.frames = new BudFrame(arena.memory());
        this.stripes = new BudStripe[stripeCount];
        for (int i = 0; i < stripeCount; i++) {
            stripes[i] = new BudStripe(pool, i, pool.controlOffset(0) + (long) i * BudStripe.CONTROL_BYTES);
        }
    }

    /** A new allocator as pool 0 of the arena, with {@value Stripes#DEFAULT_COUNT} stripes. */
    public static Zbud create(Arena arena) {
        return create(arena, 0, Stripes.DEFAULT_COUNT);
    }

    /**
     * A new allocator.
     *
     * @param pool its number in the arena, 0 to 15
     * @param stripeCount 1 to 8; as many as threads that allocate at once
     * @throws IllegalStateException if the arena has no memory for the control area
     */
    public static Zbud create(Arena arena, int pool, int stripeCount) {
        if (stripeCount < 1 || stripeCount > MAX_STRIPES) {
            throw new IllegalArgumentException(stripeCount + " stripes are not within 1 to " + MAX_STRIPES);
        }
        return new Zbud(Pool.create(arena, pool, FrameTag.ZBUD, 1), stripeCount);
    }

    /** Takes over the pool that a process which is gone left in an arena. Objects in use stay so. */
    public static Zbud open(Arena arena, int pool) {
        Zbud opened = new Zbud(Pool.open(arena, pool, FrameTag.ZBUD), MAX_STRIPES);
        opened.recover();
        return opened;
    }

    private void recover() {
        pool.recover(frame -> 1);
        for (long frame = pool.nextRun(0); frame != Arena.NONE; frame = pool.nextRun(frame + 1)) {
            if (!stripeOf(frame).recover(arena.frameOffset(frame))) {
                pool.freeRun(frame, 1);
            }
        }
    }

    @Override
    public long allocate(int sizeBytes) {
        assert sizeBytes > 0 && sizeBytes <= MAX_OBJECT_BYTES : "size " + sizeBytes;
        int chunks = (sizeBytes + BudFrame.CHUNK_BYTES - 1) / BudFrame.CHUNK_BYTES;
        if (chunks > BudFrame.CHUNKS) {
            return pool.allocateWhole();
        }
        int index = Stripes.own(stripes.length);
        BudStripe stripe = stripes[index];
        stripe.lock.lock();
        long object = stripe.allocate(chunks);
        stripe.lock.unlock();
        return object == BudStripe.NONE ? allocateFromNewFrame(index, chunks) : object;
    }

    private long allocateFromNewFrame(int index, int chunks) {
        long frame = pool.takeRun(1);
        if (frame == Arena.NONE) {
            return allocateElsewhere(chunks);
        }
        long offset = arena.frameOffset(frame);
        frames.format(offset);
        pool.publishRun(frame, 1, BudStripe.payload(index));
        BudStripe stripe = stripes[index];
        stripe.lock.lock();
        long object = stripe.allocateIn(offset, chunks);
        stripe.lock.unlock();
        return object;
    }

    private long allocateElsewhere(int chunks) {
        for (BudStripe stripe : stripes) {
            stripe.lock.lock();
            long object = stripe.allocate(chunks);
            stripe.lock.unlock();
            if (object != BudStripe.NONE) {
                return object;
            }
        }
        return NONE;
    }

    @Override
    public boolean free(long handle) {
        if (pool.isWhole(handle)) {
            return pool.freeWhole(handle);
        }
        long frame = arena.frameAt(handle);
        if (!isRun(frame)) {
            pool.countDamage();
            return false;
        }
        BudStripe stripe = stripeOf(frame);
        long offset = arena.frameOffset(frame);
        stripe.lock.lock();
        boolean isThere;
        boolean emptied;
        try {
            isThere = stripe.hasObject(offset, handle);
            emptied = isThere && stripe.free(offset, handle);
        } finally {
            stripe.lock.unlock();
        }
        if (!isThere) {
            pool.countDamage();
        }
        if (emptied) {
            pool.freeRun(frame, 1);
        }
        return isThere;
    }

    private boolean isRun(long frame) {
        return pool.isFrame(frame) && pool.isRun(frame) && pool.payload(frame) <= stripes.length;
    }

    /**
     * Tries to empty the oldest frame of the calling thread's stripe, or of the next one that has any.
     *
     * @return whether a frame went back to the arena
     */
    public boolean reclaimOldest(EvictionListener listener) {
        int own = Stripes.own(stripes.length);
        for (int i = 0; i < stripes.length; i++) {
            BudStripe stripe = stripes[(own + i) % stripes.length];
            stripe.lock.lock();
            long frame = stripe.beginReclaim();
            stripe.lock.unlock();
            if (frame != BudStripe.NONE) {
                return reclaim(stripe, frame, listener);
            }
        }
        return false;
    }

    private boolean reclaim(BudStripe stripe, long frame, EvictionListener listener) {
        boolean goesOn = frames.firstChunks(frame) == 0 || listener.evict(frames.first(frame));
        if (goesOn && frames.lastChunks(frame) != 0) {
            listener.evict(frames.last(frame));
        }
        stripe.lock.lock();
        boolean emptied = stripe.endReclaim(frame);
        stripe.lock.unlock();
        if (emptied) {
            pool.freeRun(arena.frameAt(frame), 1);
        }
        return emptied;
    }

    private BudStripe stripeOf(long frame) {
        return stripes[(int) pool.payload(frame) - 1];
    }

    @Override
    public long offset(long handle) {
        return handle;
    }

    @Override
    public int size(long handle) {
        return pool.isWhole(handle)
                ? MAX_OBJECT_BYTES
                : frames.chunks(handle & -(long) Arena.FRAME_BYTES, handle) * BudFrame.CHUNK_BYTES;
    }

    /** Moves nothing: pairs are made when objects come, not later. */
    @Override
    public long compact(MoveListener listener, long mostBytes) {
        return 0;
    }

    @Override
    public void forEachObject(Allocator.ObjectVisitor visitor) {
        pool.forEachWhole(visitor);
        for (long number = pool.nextRun(0); number != Arena.NONE; number = pool.nextRun(number + 1)) {
            long frame = arena.frameOffset(number);
            if (frames.firstChunks(frame) != 0) {
                visitor.visit(frames.first(frame));
            }
            if (frames.lastChunks(frame) != 0) {
                visitor.visit(frames.last(frame));
            }
        }
    }

    @Override
    public AllocatorStatistics statistics() {
        long objects = pool.wholeObjects();
        long bytes = objects * MAX_OBJECT_BYTES;
        for (BudStripe stripe : stripes) {
            stripe.lock.lock();
            objects += stripe.objects();
            bytes += stripe.objectBytes();
            stripe.lock.unlock();
        }
        return new AllocatorStatistics(objects, bytes, pool.heldBytes(), 0, 0, 0);
    }

    /** Takes an object away from a frame that is reclaimed. */
    @FunctionalInterface
    public interface EvictionListener {
        /**
         * Saves the object elsewhere, or drops it, and frees it; called without a lock of the allocator, so it may take those of
         * the owner, and wait. An object that was freed by another thread meanwhile may be passed once more.
         *
         * @return false if it must stay; then its frame is not reclaimed
         */
        boolean evict(long handle);
    }
}
