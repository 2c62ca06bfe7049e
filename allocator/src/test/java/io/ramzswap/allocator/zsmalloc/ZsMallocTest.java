package io.ramzswap.allocator.zsmalloc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorContract;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.libc.Libc;
import org.junit.jupiter.api.Test;

class ZsMallocTest extends AllocatorContract {
    private static final ArenaOptions OPTIONS = ArenaOptions.ofLimit(8 << 20).withReserveBytes(1 << 20);

    @Override
    protected Allocator create(Arena newArena) {
        return ZsMalloc.create(newArena);
    }

    @Override
    protected boolean isCompacting() {
        return true;
    }

    @Test
    void shouldTrustTheBitsOfASpanAndNotItsCountWhenItIsTakenOver() {
        Arena first = Arena.create(OPTIONS);
        SharedMemory kept = SharedMemory.open("/proc/self/fd/" + first.memory().fd(), Libc.system());
        ZsMalloc left = ZsMalloc.create(first);
        long handle = left.allocate(1000);
        long other = left.allocate(1000);
        long span = first.frameOffset(first.frameAt(Math.min(handle, other)));
        // As if the process was killed between setting a bit and counting it
        first.slab(span).putInt(Arena.position(span), 1);
        first.close();

        try (Arena second = Arena.open(kept, OPTIONS)) {
            ZsMalloc opened = ZsMalloc.open(second, 0);
            opened.free(handle);
            assertThat(opened.statistics().objects()).isOne();
            opened.free(other);
            assertThat(opened.statistics().heldBytes()).isEqualTo(Arena.FRAME_BYTES);
        }
    }
}
