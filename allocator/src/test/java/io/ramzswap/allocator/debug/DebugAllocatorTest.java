package io.ramzswap.allocator.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.allocator.SlotTable;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import io.ramzswap.allocator.arena.SharedMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DebugAllocatorTest {
    private Arena arena;
    private DebugAllocator allocator;

    @BeforeEach
    void create() {
        arena = Arena.create(ArenaOptions.ofLimit(16 << 20).withReserveBytes(1 << 20));
        allocator = new DebugAllocator(AllocatorKind.SEGMENT.create(arena, 0), arena, 16);
    }

    @AfterEach
    void close() {
        arena.close();
    }

    private static long allocateHere(DebugAllocator allocator) {
        return allocator.allocate(100);
    }

    private void write(long offset, int at) {
        arena.slab(offset).put(Arena.position(offset) + at, (byte) 1);
    }

    @Test
    void shouldTellWhoAllocatedWhatIsFreedTwice() {
        long handle = allocateHere(allocator);
        allocator.free(handle);
        assertThatThrownBy(() -> allocator.free(handle))
                .isInstanceOf(DebugAllocator.MisuseError.class)
                .hasMessage("freed twice: the object " + handle + " of 100 bytes")
                .hasStackTraceContaining("allocateHere")
                .hasStackTraceContaining("freed here");
    }

    @Test
    void shouldFindWhatIsFreedThatWasNeverAllocated() {
        assertThatThrownBy(() -> allocator.free(12345)).hasMessage("freed: 12345, which is no object");
    }

    @Test
    void shouldFindAnOverrunByOneByte() {
        long handle = allocateHere(allocator);
        write(allocator.offset(handle), 100);
        assertThatThrownBy(() -> allocator.free(handle))
                .hasMessage("overrun: byte 100 of an object of 100 bytes was written")
                .hasStackTraceContaining("allocateHere");
    }

    @Test
    void shouldFindAWriteAfterFree() {
        long handle = allocateHere(allocator);
        long offset = allocator.offset(handle);
        allocator.free(handle);
        write(offset, 40);
        assertThatThrownBy(allocator::close)
                .hasMessage("use after free: byte 40 of an object of 100 bytes was written after it was freed")
                .hasStackTraceContaining("allocateHere");
    }

    @Test
    void shouldFindAUseOfADeadHandle() {
        long handle = allocateHere(allocator);
        allocator.free(handle);
        assertThatThrownBy(() -> allocator.offset(handle)).hasMessageStartingWith("use after free: the object ");
        assertThatThrownBy(() -> allocator.size(handle)).hasMessageStartingWith("use after free: the object ");
    }

    @Test
    void shouldTellWhoLeakedAnObject() {
        allocateHere(allocator);
        allocator.free(allocator.allocate(5));
        assertThatThrownBy(allocator::close)
                .hasMessage("leak: 1 objects were not freed, one of them of 100 bytes")
                .hasStackTraceContaining("allocateHere");
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindNothingWhereNothingIsWrong(AllocatorKind kind) {
        DebugAllocator watched = new DebugAllocator(kind.create(arena, 1), arena, 64);
        try (SharedMemory handles = SharedMemory.create("test-slots", 8000)) {
            SlotTable table = new SlotTable(watched, arena, handles);
            for (int i = 0; i < 5; i++) {
                table.useRandomly(5_000, i, 60);
                watched.compact(table, Long.MAX_VALUE);
            }
            table.checkAll();
            table.dropAll();
        }
        watched.close();
        assertThat(watched.statistics().objects()).isZero();
    }

    @Test
    void shouldBeSwitchedOnByAProperty() {
        System.setProperty(DebugAllocator.SWITCH, "true");
        try {
            assertThat(AllocatorKind.ZBUD.create(arena, 2)).isInstanceOf(DebugAllocator.class);
        } finally {
            System.clearProperty(DebugAllocator.SWITCH);
        }
        assertThat(AllocatorKind.ZBUD.create(arena, 3)).isNotInstanceOf(DebugAllocator.class);
    }
}
