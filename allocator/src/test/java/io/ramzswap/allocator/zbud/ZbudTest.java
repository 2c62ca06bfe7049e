package io.ramzswap.allocator.zbud;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorContract;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ZbudTest extends AllocatorContract {
    @Override
    protected Allocator create(Arena newArena) {
        return Zbud.create(newArena);
    }

    @Override
    protected boolean isCompacting() {
        return false;
    }

    @Test
    void shouldReclaimItsOldestFrames() {
        try (Arena arena = Arena.create(ArenaOptions.ofLimit(8 << 20))) {
            Zbud zbud = Zbud.create(arena, 0, 1);
            long empty = arena.statistics().framesInUse();
            List<Long> objects = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                objects.add(zbud.allocate(1900));
            }
            assertThat(arena.statistics().framesInUse()).isEqualTo(empty + 10);
            List<Long> evicted = new ArrayList<>();
            Zbud.EvictionListener listener = handle -> {
                evicted.add(handle);
                zbud.free(handle);
                return true;
            };
            assertThat(zbud.reclaimOldest(listener)).isTrue();
            assertThat(zbud.reclaimOldest(listener)).isTrue();
            assertThat(evicted).containsExactlyElementsOf(objects.subList(0, 4));
            assertThat(arena.statistics().framesInUse()).isEqualTo(empty + 8);
        }
    }

    @Test
    void shouldKeepAFrameWhoseOwnerSaysNo() {
        try (Arena arena = Arena.create(ArenaOptions.ofLimit(8 << 20))) {
            Zbud zbud = Zbud.create(arena, 0, 1);
            long first = zbud.allocate(1000);
            long second = zbud.allocate(500);
            assertThat(zbud.reclaimOldest(handle -> false)).isFalse();
            zbud.free(first);
            assertThat(zbud.allocate(1200)).isEqualTo(first);
            zbud.free(second);
            zbud.free(first);
            assertThat(zbud.statistics().objects()).isZero();
            assertThat(zbud.reclaimOldest(handle -> true)).isFalse();
        }
    }

    @Test
    void shouldPutAnObjectWhereItFitsMostTightly() {
        try (Arena arena = Arena.create(ArenaOptions.ofLimit(8 << 20))) {
            Zbud zbud = Zbud.create(arena, 0, 1);
            long small = zbud.allocate(2100);
            long large = zbud.allocate(3000);
            long fits = zbud.allocate(1000);
            assertThat(arena.frameAt(fits)).isEqualTo(arena.frameAt(large));
            assertThat(arena.frameAt(zbud.allocate(1900))).isEqualTo(arena.frameAt(small));
        }
    }
}
