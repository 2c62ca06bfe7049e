package io.ramzswap.allocator.block;

import io.ramzswap.allocator.AllocatorStatistics;
import io.ramzswap.allocator.MoveListener;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.FrameTag;
import io.ramzswap.allocator.pool.Stripes;

/**
 * An allocator that user space can have and the kernel cannot: blocks of nearly exact size, as xvmalloc's, but in segments
 * of 64 KiB of neighbouring frames, which are compacted.
 *
 * <ul>
 *   <li>An object crosses frames freely, so nothing is left at the end of each. What a fresh pool wastes is 4 bytes of
 *       header, on average 2 of rounding, and the end of a segment. There are no size classes, so no half-filled ones.
 *   <li>Holes of freed objects are used again at once, by the best fitting list; a log would have to clean first.
 *   <li>Holes that nothing fits are undone by moving the objects of the emptiest segments together, see {@link
 *       BlockCompaction}.
 * </ul>
 *
 * <p>How it allocates and frees is told at {@link BlockPool}.
 */
public final class SegmentAllocator extends BlockAllocator {
    /** 64 KiB: as far as a block header reaches, and what the arena keeps whole and counts its reserve in. */
    private static final int SEGMENT_FRAMES = 16;

    private final BlockCompaction compaction;

    private SegmentAllocator(BlockPool blocks) {
        super(blocks);
        this.compaction = new BlockCompaction(blocks);
    }

    /** A new allocator as pool 0 of the arena, with {@value Stripes#DEFAULT_COUNT} stripes. */
    public static SegmentAllocator create(Arena arena) {
        return create(arena, 0, Stripes.DEFAULT_COUNT);
    }

    /**
     * A new allocator.
     *
     * @param pool its number in the arena, 0 to 15
     * @param stripeCount 1 to 32; as many as threads that allocate at once. Each has a control area of 8 KiB
     * @throws IllegalStateException if the arena has no memory for the control area
     */
    public static SegmentAllocator create(Arena arena, int pool, int stripeCount) {
        return new SegmentAllocator(BlockPool.create(arena, pool, FrameTag.SEGMENT, SEGMENT_FRAMES, stripeCount));
    }

    /** Takes over the pool that a process which is gone left in an arena. Objects in use stay so. */
    public static SegmentAllocator open(Arena arena, int pool) {
        return new SegmentAllocator(BlockPool.open(arena, pool, FrameTag.SEGMENT, SEGMENT_FRAMES));
    }

    @Override
    public long compact(MoveListener listener, long mostBytes) {
        return compaction.run(listener, mostBytes);
    }

    @Override
    public AllocatorStatistics statistics() {
        return super.statistics()
                .plus(new AllocatorStatistics(
                        0, 0, 0, compaction.movedObjects(), compaction.movedBytes(), compaction.vetoes()));
    }
}
