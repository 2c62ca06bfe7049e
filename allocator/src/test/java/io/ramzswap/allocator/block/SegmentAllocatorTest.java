package io.ramzswap.allocator.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorContract;
import io.ramzswap.allocator.SlotTable;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import io.ramzswap.allocator.arena.SharedMemory;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SegmentAllocatorTest extends AllocatorContract {
    private static final int SMALL_OBJECTS = 1000;
    private static final int SMALL_BYTES = 1000;

    @Override
    protected Allocator create(Arena newArena) {
        return SegmentAllocator.create(newArena);
    }

    @Override
    protected boolean isCompacting() {
        return true;
    }

    /** Else a thread that writes and frees would have another one move its objects for ever, however little there is to gain. */
    @Test
    void shouldLetHolesBeThatAreFewOfAllThatIsHeld() throws InterruptedException {
        try (Arena arena = Arena.create(ArenaOptions.ofLimit(64L << 20));
                SharedMemory slots = SharedMemory.create("few-slots", (long) SMALL_OBJECTS * Long.BYTES)) {
            SegmentAllocator allocator = SegmentAllocator.create(arena, 0, 2);
            SlotTable few = new SlotTable(allocator, arena, slots);
            // Of two threads that were made one after the other, one has not the stripe of this.
            List<Thread> others = List.of(
                    new Thread(() -> fillAndDropHalf(few, 0)),
                    new Thread(() -> fillAndDropHalf(few, SMALL_OBJECTS / 2)));
            for (Thread other : others) {
                other.start();
                other.join();
            }
            long[] many = LongStream.generate(() -> allocator.allocate(4092))
                    .limit(9000)
                    .toArray();
            assertThat(many).doesNotContain(Allocator.NONE);

            assertThat(allocator.compact(few, Long.MAX_VALUE)).isZero();

            for (long handle : many) {
                allocator.free(handle);
            }
            assertThat(allocator.compact(few, Long.MAX_VALUE)).isPositive();
            few.checkAll();
        }
    }

    /** Each time is a wait for the refiller, where it is not the limit that refuses. */
    @Test
    void shouldAskForASegmentOnlyOnceForEachThatFindsNoRoom() {
        try (Arena arena = Arena.create(ArenaOptions.ofLimit(64L << 20));
                SharedMemory slots = SharedMemory.create("tight-slots", (long) SMALL_OBJECTS * Long.BYTES)) {
            SegmentAllocator allocator = SegmentAllocator.create(arena, 0, 1);
            SlotTable objects = new SlotTable(allocator, arena, slots);
            for (int slot = 0; slot < SMALL_OBJECTS; slot += 2) {
                objects.put(slot, 3000);
                objects.put(slot + 1, 300);
            }
            for (int slot = 1; slot < SMALL_OBJECTS; slot += 2) {
                objects.drop(slot);
            }
            arena.setLimitBytes(arena.usedBytes());
            long filler;
            do {
                filler = allocator.allocate(3000);
            } while (filler != Allocator.NONE);
            long refusals = arena.statistics().refusals();

            assertThat(allocator.compact(objects, Long.MAX_VALUE)).isZero();

            long segments = allocator.statistics().heldBytes() / (64 << 10);
            assertThat(arena.statistics().refusals() - refusals).isBetween(1L, segments);
            objects.checkAll();
        }
    }

    private static void fillAndDropHalf(SlotTable objects, int first) {
        int end = first + SMALL_OBJECTS / 2;
        for (int slot = first; slot < end; slot++) {
            objects.put(slot, SMALL_BYTES);
        }
        for (int slot = first; slot < end; slot += 2) {
            objects.drop(slot);
        }
    }
}
