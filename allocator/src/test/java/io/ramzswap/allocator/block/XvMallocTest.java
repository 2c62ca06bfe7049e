package io.ramzswap.allocator.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorContract;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import org.junit.jupiter.api.Test;

class XvMallocTest extends AllocatorContract {
    @Override
    protected Allocator create(Arena newArena) {
        return XvMalloc.create(newArena);
    }

    @Override
    protected boolean isCompacting() {
        return false;
    }

    @Test
    void shouldMergeFreeNeighboursInEitherOrder() {
        try (Arena arena = Arena.create(ArenaOptions.ofLimit(8 << 20))) {
            XvMalloc allocator = XvMalloc.create(arena, 0, 1);
            long before = arena.statistics().framesInUse();
            // Given a frame full of four objects
            long a = allocator.allocate(1020);
            long b = allocator.allocate(1020);
            long c = allocator.allocate(1020);
            long d = allocator.allocate(1020);
            assertThat(arena.statistics().framesInUse()).isEqualTo(before + 1);
            // When the middle ones are freed
            allocator.free(c);
            allocator.free(b);
            // Then their place takes one object as large as both and the header between
            assertThat(allocator.allocate(2044)).isEqualTo(b);
            assertThat(arena.statistics().framesInUse()).isEqualTo(before + 1);
            allocator.free(b);
            allocator.free(a);
            allocator.free(d);
            assertThat(arena.statistics().framesInUse()).isEqualTo(before);
        }
    }

    @Test
    void shouldFindADoubleFree() {
        try (Arena arena = Arena.create(ArenaOptions.ofLimit(8 << 20))) {
            XvMalloc allocator = XvMalloc.create(arena);
            long first = allocator.allocate(100);
            allocator.allocate(100);
            assertThat(allocator.free(first)).isTrue();
            assertThat(allocator.free(first)).isFalse();
            assertThat(arena.damages()).isOne();
        }
    }

    @Test
    void shouldSayWhenTheArenaHasNoRoomForTheControlArea() {
        try (Arena arena = Arena.create(ArenaOptions.ofLimit(8 << 20))) {
            arena.setLimitBytes(4096);
            assertThatThrownBy(() -> XvMalloc.create(arena))
                    .hasMessage(
                            "cannot create an allocator: the arena has no 8 frames left within its limit of 4096 bytes");
        }
    }
}
