package io.ramzswap.allocator.zsmalloc;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorContract;
import io.ramzswap.allocator.arena.Arena;

class ZsMallocTest extends AllocatorContract {
    @Override
    protected Allocator create(Arena newArena) {
        return ZsMalloc.create(newArena);
    }

    @Override
    protected boolean isCompacting() {
        return true;
    }
}
