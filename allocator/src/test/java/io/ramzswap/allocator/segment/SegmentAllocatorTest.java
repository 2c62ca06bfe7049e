package io.ramzswap.allocator.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorContract;
import io.ramzswap.allocator.MoveListener;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
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
        try (Arena arena = Arena.create(ArenaOptions.ofLimit(64L << 20))) {
            SegmentAllocator allocator = SegmentAllocator.create(arena, 0, 2);
            Thread other = new Thread(() -> fillAndFreeHalf(allocator));
            other.start();
            other.join();
            long[] many = LongStream.generate(() -> allocator.allocate(4092))
                    .limit(9000)
                    .toArray();
            assertThat(many).doesNotContain(Allocator.NONE);

            assertThat(allocator.compact(new Consenting(), Long.MAX_VALUE)).isZero();

            for (long handle : many) {
                allocator.free(handle);
            }
            assertThat(allocator.compact(new Consenting(), Long.MAX_VALUE)).isPositive();
        }
    }

    private static void fillAndFreeHalf(Allocator allocator) {
        long[] handles = LongStream.generate(() -> allocator.allocate(SMALL_BYTES))
                .limit(SMALL_OBJECTS)
                .toArray();
        for (int i = 0; i < SMALL_OBJECTS; i += 2) {
            allocator.free(handles[i]);
        }
    }

    private static final class Consenting implements MoveListener {
        @Override
        public boolean tryBegin(long handle) {
            return true;
        }

        @Override
        public void moved(long from, long to) {
            // Nobody looks for the object.
        }
    }
}
