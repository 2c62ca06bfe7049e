package io.ramzswap.allocator.zbud;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorContract;
import io.ramzswap.allocator.arena.Arena;

class ZbudTest extends AllocatorContract {
    @Override
    protected Allocator create(Arena newArena) {
        return Zbud.create(newArena);
    }

    @Override
    protected boolean isCompacting() {
        return false;
    }
}
