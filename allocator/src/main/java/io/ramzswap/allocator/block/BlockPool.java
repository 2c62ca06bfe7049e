package io.ramzswap.allocator.block;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorStatistics;
import io.ramzswap.allocator.MoveListener;
import io.ramzswap.allocator.ObjectVisitor;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.pool.Pool;
import io.ramzswap.allocator.pool.Stripes;

/**
 * Allocation from regions of several stripes.
 *
 * <pre>
 *  payload of the word of a region's first frame
 *   55       33 32 31          24 23             0
 *  +-----------+--+--------------+----------------+
 *  |     0     | I| stripe + 1   |  bytes in use  |      I: isolated; bytes in use: with headers
 *  +-----------+--+--------------+----------------+
 *
 *  handle   the offset of the payload's first byte from the start of the arena
 * </pre>
 *
 * <h2>Allocate</h2>
 *
 * <ol>
 *   <li>Sizes are rounded up to 4 bytes; what does not fit a region with its header gets a frame of its own.
 *   <li>The thread goes to its stripe, or to the next that is not locked.
 *   <li>The bitmaps give the first list of blocks that are all large enough. Its first block is taken.
 *   <li>The rest of the block becomes a free block, however small. So a move never makes an object larger.
 *   <li>If there is no block, the stripe gets a region of the arena, outside of its lock. If the arena has none, the other
 *       stripes are asked.
 * </ol>
 *
 * <h2>Free</h2>
 *
 * <ol>
 *   <li>The region's word tells the stripe.
 *   <li>The block merges with free neighbours, which its own and the next header tell of.
 *   <li>If it covers its region now, that goes back to the arena; else it goes to the list for its size.
 * </ol>
 *
 * <p>Both take constant time.
 */
public final class BlockPool {
    /** The owner did not allow a move. */
    static final int VETOED = -1;
    /** No block was large enough to move an object to. */
    static final int NO_ROOM = -2;

    private static final long ISOLATED = 1L << 32;
    private static final int STRIPE_SHIFT = 24;
    private static final int USED_MASK = (1 << STRIPE_SHIFT) - 1;
    private static final int MAX_STRIPES = Arena.MAX_RUN_FRAMES / BlockStripe.CONTROL_FRAMES;

    private final Pool pool;
    private final Arena arena;
    private final int regionFrames;
    private final int regionBytes;
    private final BlockStripe[] stripes;

    private BlockPool(Pool pool, int regionFrames) {
        this.pool = pool;
        this.arena = pool.arena();
        this.regionFrames = regionFrames;
        this.regionBytes = regionFrames * Arena.FRAME_BYTES;
        this.stripes = new BlockStripe[pool.controlFrames() / BlockStripe.CONTROL_FRAMES];
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] =
                    new BlockStripe(arena.memory(), pool.controlOffset(i * BlockStripe.CONTROL_FRAMES), regionBytes);
        }
    }

    /** A new pool; {@code regionFrames} is a power of two up to 16. */
    public static BlockPool create(Arena arena, int number, int kind, int regionFrames, int stripeCount) {
        if (stripeCount < 1 || stripeCount > MAX_STRIPES) {
            throw new IllegalArgumentException(stripeCount + " stripes are not within 1 to " + MAX_STRIPES);
        }
        return new BlockPool(Pool.create(arena, number, kind, stripeCount * BlockStripe.CONTROL_FRAMES), regionFrames);
    }

    /** Takes over the pool that a process which is gone left in an arena. */
    public static BlockPool open(Arena arena, int number, int kind, int regionFrames) {
        BlockPool opened = new BlockPool(Pool.open(arena, number, kind), regionFrames);
        opened.recover();
        return opened;
    }

    private void recover() {
        pool.recover(frame -> regionFrames);
        for (long frame = nextRegion(0, regionBytes);
                frame != Arena.NONE;
                frame = nextRegion(frame + regionFrames, regionBytes)) {
            int stripe = stripeOf(pool.payload(frame));
            long region = arena.frameOffset(frame);
            stripes[stripe].countObjects(region);
            int used = stripes[stripe].list(region);
            if (used == 0) {
                stripes[stripe].removeRegion();
                pool.freeRun(frame, regionFrames);
            } else {
                pool.setPayload(frame, payload(stripe, used));
            }
        }
    }

    /** {@link Allocator#allocate}. */
    public long allocate(int sizeBytes) {
        assert sizeBytes > 0 && sizeBytes <= Allocator.MAX_OBJECT_BYTES : "size " + sizeBytes;
        int payload = BlockStripe.payloadFor(sizeBytes);
        if (payload > BlockStripe.maxPayloadBytes(regionBytes)) {
            return pool.allocateWhole();
        }
        int index = lockAny();
        BlockStripe stripe = stripes[index];
        long block = take(stripe, payload);
        stripe.lock.unlock();
        if (block == BlockStripe.NONE) {
            block = allocateFromNewRegion(index, payload);
        }
        return block == BlockStripe.NONE ? Allocator.NONE : block + BlockHeader.BYTES;
    }

    /** Locks the thread's stripe, or the next one that is free. */
    private int lockAny() {
        int count = stripes.length;
        int own = Stripes.own(count);
        for (int i = 0; i < count; i++) {
            int index = own + i < count ? own + i : own + i - count;
            if (stripes[index].lock.tryLock()) {
                return index;
            }
        }
        stripes[own].lock.lock();
        return own;
    }

    private long allocateFromNewRegion(int index, int payload) {
        long frame = takeRegion(index);
        if (frame == Arena.NONE) {
            return allocateElsewhere(index, payload);
        }
        BlockStripe stripe = stripes[index];
        stripe.lock.lock();
        long block = take(stripe, payload);
        boolean needed = block == BlockStripe.NONE;
        if (needed) {
            addRegion(index, frame);
            block = take(stripe, payload);
        }
        stripe.lock.unlock();
        if (!needed) {
            // Somebody freed a block meanwhile. A region that nothing is put into would never be given back.
            pool.freeRun(frame, regionFrames);
        }
        return block;
    }

    private long takeRegion(int index) {
        long frame = pool.takeRun(regionFrames);
        if (frame != Arena.NONE) {
            stripes[index].format(arena.frameOffset(frame));
        }
        return frame;
    }

    /** Under the stripe's lock, so that a published region is always in the lists. */
    private void addRegion(int index, long frame) {
        pool.publishRun(frame, regionFrames, payload(index, 0));
        stripes[index].addRegion(arena.frameOffset(frame));
    }

    private long allocateElsewhere(int notHere, int payload) {
        for (int i = 0; i < stripes.length; i++) {
            if (i != notHere) {
                BlockStripe stripe = stripes[i];
                stripe.lock.lock();
                long block = take(stripe, payload);
                stripe.lock.unlock();
                if (block != BlockStripe.NONE) {
                    return block;
                }
            }
        }
        return BlockStripe.NONE;
    }

    private long take(BlockStripe stripe, int payload) {
        long block = stripe.allocate(payload);
        if (block != BlockStripe.NONE) {
            addUsed(regionOf(block), BlockHeader.BYTES + stripe.payloadBytes(block));
        }
        return block;
    }

    private void addUsed(long frame, int bytes) {
        pool.setPayload(frame, pool.payload(frame) + bytes);
    }

    /** {@link Allocator#free}. */
    public void free(long handle) {
        if (isWhole(handle)) {
            pool.freeWhole(handle);
            return;
        }
        long block = handle - BlockHeader.BYTES;
        long frame = regionOf(block);
        assert pool.isRun(frame) : "no object at " + handle + ", freed twice?";
        BlockStripe stripe = stripes[stripeOf(pool.payload(frame))];
        stripe.lock.lock();
        boolean emptied;
        try {
            emptied = release(stripe, frame, block);
        } finally {
            stripe.lock.unlock();
        }
        if (emptied) {
            pool.freeRun(frame, regionFrames);
        }
    }

    private boolean release(BlockStripe stripe, long frame, long block) {
        addUsed(frame, -BlockHeader.BYTES - stripe.payloadBytes(block));
        if ((pool.payload(frame) & ISOLATED) != 0) {
            stripe.freeIsolated(block);
            return false;
        }
        return stripe.free(block);
    }

    /** {@link Allocator#size}. */
    public int size(long handle) {
        return isWhole(handle)
                ? Allocator.MAX_OBJECT_BYTES
                : Math.min(Allocator.MAX_OBJECT_BYTES, stripes[0].payloadBytes(handle - BlockHeader.BYTES));
    }

    /** {@link Allocator#forEachObject}. */
    public void forEachObject(ObjectVisitor visitor) {
        pool.forEachWhole(visitor);
        for (long frame = nextRegion(0, regionBytes);
                frame != Arena.NONE;
                frame = nextRegion(frame + regionFrames, regionBytes)) {
            BlockStripe stripe = stripes[0];
            for (long block = arena.frameOffset(frame); block != BlockStripe.NONE; block = stripe.next(block)) {
                if (!stripe.isFree(block)) {
                    visitor.visit(block + BlockHeader.BYTES);
                }
            }
        }
    }

    /** {@link Allocator#statistics}, as far as this class knows them. */
    public AllocatorStatistics statistics() {
        long objects = pool.wholeObjects();
        long bytes = objects * Arena.FRAME_BYTES;
        for (BlockStripe stripe : stripes) {
            stripe.lock.lock();
            objects += stripe.objects();
            bytes += stripe.objectBytes();
            stripe.lock.unlock();
        }
        return new AllocatorStatistics(objects, bytes, pool.heldBytes(), 0, 0, 0);
    }

    /** Only regions of one frame leave an object that needs a frame of its own. */
    private boolean isWhole(long handle) {
        return regionFrames == 1 && Pool.isWhole(handle);
    }

    int stripeCount() {
        return stripes.length;
    }

    /** What a stripe's regions hold beside objects and their headers. */
    long holeBytes(int index) {
        BlockStripe stripe = stripes[index];
        stripe.lock.lock();
        long used = stripe.objectBytes() + stripe.objects() * BlockHeader.BYTES;
        long held = stripe.regions() * regionBytes;
        stripe.lock.unlock();
        return held - used;
    }

    long heldBytes(int index) {
        BlockStripe stripe = stripes[index];
        stripe.lock.lock();
        long held = stripe.regions() * regionBytes;
        stripe.lock.unlock();
        return held;
    }

    long allHoleBytes() {
        long bytes = 0;
        for (int index = 0; index < stripes.length; index++) {
            bytes += holeBytes(index);
        }
        return bytes;
    }

    long allHeldBytes() {
        long bytes = 0;
        for (int index = 0; index < stripes.length; index++) {
            bytes += heldBytes(index);
        }
        return bytes;
    }

    int regionBytes() {
        return regionBytes;
    }

    /** The next region from {@code frame} on in which at most {@code mostUsed} bytes are in use, or NONE. */
    long nextRegion(long frame, int mostUsed) {
        long next = pool.nextRun(frame, regionFrames);
        while (next != Arena.NONE && used(pool.payload(next)) > mostUsed) {
            next = pool.nextRun(next + regionFrames, regionFrames);
        }
        return next;
    }

    /** The stripe of a region; it may be any number if the region is given back meanwhile. */
    int stripeOfRegion(long frame) {
        return Math.floorMod(stripeOf(pool.payload(frame)), stripes.length);
    }

    /** Sets a region apart, so that nothing is put there; its first block, or NONE if it is no region any more. */
    long isolate(int index, long frame) {
        BlockStripe stripe = stripes[index];
        stripe.lock.lock();
        long payload = pool.payload(frame);
        long region = BlockStripe.NONE;
        if (pool.isRun(frame) && stripeOf(payload) == index && used(payload) != 0) {
            region = arena.frameOffset(frame);
            stripe.isolate(region);
            pool.setPayload(frame, payload | ISOLATED);
        }
        stripe.lock.unlock();
        return region;
    }

    /** Undoes {@link #isolate}; if the region is empty it goes back to the arena. */
    void reunite(int index, long frame) {
        BlockStripe stripe = stripes[index];
        stripe.lock.lock();
        int used = stripe.list(arena.frameOffset(frame));
        pool.setPayload(frame, payload(index, used));
        if (used == 0) {
            stripe.removeRegion();
        }
        stripe.lock.unlock();
        if (used == 0) {
            pool.freeRun(frame, regionFrames);
        }
    }

    /** Gives the stripe another region; its frame or NONE. If nothing is moved there, {@link #dropIfEmpty} must follow. */
    long grow(int index) {
        long frame = takeRegion(index);
        if (frame != Arena.NONE) {
            stripes[index].lock.lock();
            addRegion(index, frame);
            stripes[index].lock.unlock();
        }
        return frame;
    }

    /** Gives a region back if nothing is in it. */
    void dropIfEmpty(int index, long frame) {
        BlockStripe stripe = stripes[index];
        stripe.lock.lock();
        long payload = pool.payload(frame);
        boolean empty = pool.isRun(frame) && stripeOf(payload) == index && used(payload) == 0;
        if (empty) {
            stripe.isolate(arena.frameOffset(frame));
            stripe.removeRegion();
        }
        stripe.lock.unlock();
        if (empty) {
            pool.freeRun(frame, regionFrames);
        }
    }

    BlockStripe stripe(int index) {
        return stripes[index];
    }

    /**
     * Moves a block of an isolated region elsewhere in the stripe, if its owner allows. The caller holds the stripe's lock.
     *
     * @return the bytes moved, {@link #VETOED}, or {@link #NO_ROOM}
     */
    int move(int index, long block, MoveListener listener) {
        BlockStripe stripe = stripes[index];
        int payload = stripe.payloadBytes(block);
        long target = take(stripe, payload);
        if (target == BlockStripe.NONE) {
            return NO_ROOM;
        }
        long handle = block + BlockHeader.BYTES;
        if (!listener.tryBegin(handle)) {
            if (release(stripe, regionOf(target), target)) {
                pool.freeRun(regionOf(target), regionFrames);
            }
            return VETOED;
        }
        arena.memory().copy(handle, target + BlockHeader.BYTES, payload);
        listener.moved(handle, target + BlockHeader.BYTES);
        release(stripe, regionOf(block), block);
        return payload;
    }

    private long regionOf(long block) {
        return arena.frameAt(block & -(long) regionBytes);
    }

    private static long payload(int stripe, int usedBytes) {
        return ((stripe + 1L) << STRIPE_SHIFT) | usedBytes;
    }

    private static int stripeOf(long payload) {
        return ((int) (payload >>> STRIPE_SHIFT) & 0xFF) - 1;
    }

    private static int used(long payload) {
        return (int) payload & USED_MASK;
    }
}
