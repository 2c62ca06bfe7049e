package io.ramzswap.allocator.block;

import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.FrameTag;
import io.ramzswap.allocator.pool.Stripes;

/**
 * The allocator of the 2009 ramzswap driver, after its posting to linux-mm: the first fitting block from two-level bitmaps,
 * as in TLSF, within frames of 4 KiB, with a header of 4 bytes an object. How it works is told at {@link BlockPool}; the
 * regions of this one are single frames.
 *
 * <p>Where it differs from the driver: several stripes with a lock each in place of one lock, which the driver regretted;
 * free lists 8 bytes apart from 16 bytes on, not 32; and objects that fill a frame but for the header.
 *
 * <p>Nothing is ever moved, so a pool that lived long holds more than it uses: what merges in a frame must fit another
 * object, and half a frame often fits none.
 */
public final class XvMalloc extends BlockAllocator {
    private XvMalloc(BlockPool blocks) {
        super(blocks);
    }

    /** A new allocator as pool 0 of the arena, with {@value Stripes#DEFAULT_COUNT} stripes. */
    public static XvMalloc create(Arena arena) {
        return create(arena, 0, Stripes.DEFAULT_COUNT);
    }

    /**
     * A new allocator.
     *
     * @param pool its number in the arena, 0 to 15
     * @param stripeCount 1 to 32; as many as threads that allocate at once. Each has a control area of 8 KiB
     * @throws IllegalStateException if the arena has no memory for the control area
     */
    public static XvMalloc create(Arena arena, int pool, int stripeCount) {
        return new XvMalloc(BlockPool.create(arena, pool, FrameTag.XVMALLOC, 1, stripeCount));
    }

    /** Takes over the pool that a process which is gone left in an arena. Objects in use stay so. */
    public static XvMalloc open(Arena arena, int pool) {
        return new XvMalloc(BlockPool.open(arena, pool, FrameTag.XVMALLOC, 1));
    }
}
