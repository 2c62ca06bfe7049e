package io.ramzswap.allocator.block;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorStatistics;
import io.ramzswap.allocator.MoveListener;

/** An allocator over a {@link BlockPool}, whose objects stay where they are. */
abstract class BlockAllocator implements Allocator {
    private final BlockPool blocks;

    BlockAllocator(BlockPool blocks) {
        this.blocks = blocks;
    }

    @Override
    public long allocate(int sizeBytes) {
        return blocks.allocate(sizeBytes);
    }

    @Override
    public boolean free(long handle) {
        return blocks.free(handle);
    }

    @Override
    public long offset(long handle) {
        return handle;
    }

    @Override
    public int size(long handle) {
        return blocks.size(handle);
    }

    @Override
    public long compact(MoveListener listener, long mostBytes) {
        return 0;
    }

    @Override
    public void forEachObject(Allocator.ObjectVisitor visitor) {
        blocks.forEachObject(visitor);
    }

    @Override
    public AllocatorStatistics statistics() {
        return blocks.statistics();
    }
}
