package io.ramzswap.allocator.block;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorStatistics;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.pool.Pool;
import io.ramzswap.allocator.pool.Stripes;

/**
 * Allocation from regions of several stripes.
 *
 * <pre>
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
 *       stripes are asked. If they have none and the limit is not the reason, the object gets a frame of its own.
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
    private final Pool pool;
    private final Regions regions;

    private BlockPool(Pool pool, int regionFrames) {
        this.pool = pool;
        this.regions = new Regions(pool, regionFrames);
    }

    /** A new pool; {@code regionFrames} is a power of two up to 16. */
    public static BlockPool create(Arena arena, int number, int kind, int regionFrames, int stripeCount) {
        return new BlockPool(Pool.create(arena, number, kind, Regions.controlFrames(stripeCount)), regionFrames);
    }

    /** Takes over the pool that a process which is gone left in an arena. */
    public static BlockPool open(Arena arena, int number, int kind, int regionFrames) {
        BlockPool opened = new BlockPool(Pool.open(arena, number, kind), regionFrames);
        opened.regions.recover();
        return opened;
    }

    Regions regions() {
        return regions;
    }

    /** The steps of a compaction of this pool. */
    Evacuation evacuation() {
        return new Evacuation(regions, pool.arena().memory());
    }

    /** {@link Allocator#allocate}. */
    public long allocate(int sizeBytes) {
        assert sizeBytes > 0 && sizeBytes <= Allocator.MAX_OBJECT_BYTES : "size " + sizeBytes;
        int payload = BlockStripe.payloadFor(sizeBytes);
        if (payload > BlockStripe.maxPayloadBytes(regions.bytes())) {
            return pool.allocateWhole();
        }
        int index = lockAny();
        BlockStripe stripe = regions.stripe(index);
        long block = regions.takeBlock(stripe, payload);
        stripe.lock.unlock();
        if (block == BlockStripe.NONE) {
            block = allocateFromNewRegion(index, payload);
        }
        return block == BlockStripe.NONE ? allocateWithoutRegion() : block + BlockHeader.BYTES;
    }

    /**
     * An object that gets no block has a frame to itself, if the limit would let the pool grow: it is neighbouring frames that
     * are lacking then. At the limit it has not, for frames that are freed there one by one would go to single objects.
     */
    private long allocateWithoutRegion() {
        return regions.mayGrow() ? pool.allocateWhole() : Allocator.NONE;
    }

    /** Locks the thread's stripe, or the next one that is free. */
    private int lockAny() {
        int count = regions.stripeCount();
        int own = Stripes.own(count);
        for (int i = 0; i < count; i++) {
            int index = own + i < count ? own + i : own + i - count;
            if (regions.stripe(index).lock.tryLock()) {
                return index;
            }
        }
        regions.stripe(own).lock.lock();
        return own;
    }

    private long allocateFromNewRegion(int index, int payload) {
        long frame = regions.take(index);
        if (frame == Arena.NONE) {
            return allocateElsewhere(index, payload);
        }
        BlockStripe stripe = regions.stripe(index);
        stripe.lock.lock();
        long block = regions.takeBlock(stripe, payload);
        boolean needed = block == BlockStripe.NONE;
        if (needed) {
            regions.add(index, frame);
            block = regions.takeBlock(stripe, payload);
        }
        stripe.lock.unlock();
        if (!needed) {
            // Somebody freed a block meanwhile. A region that nothing is put into would never be given back.
            regions.giveBack(frame);
        }
        return block;
    }

    private long allocateElsewhere(int notHere, int payload) {
        for (int i = 0; i < regions.stripeCount(); i++) {
            if (i != notHere) {
                BlockStripe stripe = regions.stripe(i);
                stripe.lock.lock();
                long block = regions.takeBlock(stripe, payload);
                stripe.lock.unlock();
                if (block != BlockStripe.NONE) {
                    return block;
                }
            }
        }
        return BlockStripe.NONE;
    }

    /** {@link Allocator#free}. */
    public boolean free(long handle) {
        if (pool.isWhole(handle)) {
            return pool.freeWhole(handle);
        }
        long block = handle - BlockHeader.BYTES;
        long frame = regions.of(block);
        int index = regions.stripeIfRegion(frame);
        if (index == Regions.NO_STRIPE) {
            pool.countDamage();
            return false;
        }
        BlockStripe stripe = regions.stripe(index);
        stripe.lock.lock();
        int result;
        try {
            result = regions.releaseBlock(stripe, frame, block);
        } finally {
            stripe.lock.unlock();
        }
        if (result == Regions.EMPTIED) {
            regions.giveBack(frame);
        }
        return result != Regions.DAMAGED;
    }

    /** {@link Allocator#size}. */
    public int size(long handle) {
        return pool.isWhole(handle)
                ? Allocator.MAX_OBJECT_BYTES
                : Math.min(Allocator.MAX_OBJECT_BYTES, regions.stripe(0).payloadBytes(handle - BlockHeader.BYTES));
    }

    /** {@link Allocator#forEachObject}. */
    public void forEachObject(Allocator.ObjectVisitor visitor) {
        pool.forEachWhole(visitor);
        BlockStripe stripe = regions.stripe(0);
        for (long frame = regions.first(); frame != Arena.NONE; frame = regions.after(frame)) {
            for (long block = regions.start(frame); block != BlockStripe.NONE; block = stripe.next(block)) {
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
        for (int i = 0; i < regions.stripeCount(); i++) {
            BlockStripe stripe = regions.stripe(i);
            stripe.lock.lock();
            objects += stripe.objects();
            bytes += stripe.objectBytes();
            stripe.lock.unlock();
        }
        return new AllocatorStatistics(objects, bytes, pool.heldBytes(), 0, 0, 0);
    }
}
