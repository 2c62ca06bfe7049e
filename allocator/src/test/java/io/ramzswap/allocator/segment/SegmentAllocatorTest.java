package io.ramzswap.allocator.segment;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorContract;
import io.ramzswap.allocator.arena.Arena;

class SegmentAllocatorTest extends AllocatorContract {
    @Override
    protected Allocator create(Arena newArena) {
        return SegmentAllocator.create(newArena);
    }

    @Override
    protected boolean isCompacting() {
        return true;
    }
}
