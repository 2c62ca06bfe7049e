package io.ramzswap.allocator;

import io.ramzswap.allocator.arena.Arena;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/** One thread allocates objects and hands them to another, which checks and frees them. */
@SuppressWarnings("ThreadPriorityCheck") // waits for the other side
final class HandOver {
    private static final long EMPTY = -1;

    private final Allocator allocator;
    private final Arena arena;
    private final AtomicLongArray ring;

    HandOver(Allocator allocator, Arena arena, int slots) {
        this.allocator = allocator;
        this.arena = arena;
        this.ring = new AtomicLongArray(slots);
        for (int i = 0; i < slots; i++) {
            ring.set(i, EMPTY);
        }
    }

    /** Returns a checksum of the first int of all objects. */
    int produce(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int sum = 0;
        for (int i = 0; i < count; i++) {
            long handle = allocator.allocate(4 + random.nextInt(3000));
            if (handle == Allocator.NONE) {
                throw new AssertionError("refused at object " + i);
            }
            int content = random.nextInt();
            long offset = allocator.offset(handle);
            arena.slab(offset).putInt(Arena.position(offset), content);
            sum += content;
            while (ring.get(i % ring.length()) != EMPTY) {
                Thread.yield();
            }
            ring.set(i % ring.length(), handle);
        }
        return sum;
    }

    int consume(int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            long handle = ring.get(i % ring.length());
            while (handle == EMPTY) {
                Thread.yield();
                handle = ring.get(i % ring.length());
            }
            ring.set(i % ring.length(), EMPTY);
            long offset = allocator.offset(handle);
            sum += arena.slab(offset).getInt(Arena.position(offset));
            allocator.free(handle);
        }
        return sum;
    }
}
