package io.ramzswap.zcache;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import io.ramzswap.compress.CompressorChoice;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.tier.TierSession;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class CompressedStoreTest {
    private static final long GIB = 1L << 30;
    private static final int SESSIONS = 20;

    /** There is a session for each connection, and the heap is small. */
    @Test
    void shouldTakeNoMoreHeapForASessionOfALargeArena() {
        long small = heapOfSessions(GIB);
        long large = heapOfSessions(1024 * GIB);
        assertThat(large).isBetween(0L, small + 4096);
    }

    private static long heapOfSessions(long capacityBytes) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Arena arena = Arena.create(
                ArenaOptions.ofLimit(32 << 20).withCapacityBytes(capacityBytes).withReserveBytes(1 << 20))) {
            CompressedStore store = new CompressedStore(
                    arena, AllocatorKind.SEGMENT.create(arena, 0), new CompressorChoice(CompressorKind.DEFAULT));
            TierSession[] sessions = new TierSession[SESSIONS];
            store.open().close();
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < SESSIONS; i++) {
                sessions[i] = store.open();
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            for (TierSession session : sessions) {
                session.close();
            }
            return allocated;
        }
    }
}
