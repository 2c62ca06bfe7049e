package io.ramzswap.allocator.bench;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.MoveListener;
import io.ramzswap.allocator.arena.Arena;
import java.util.concurrent.atomic.AtomicLongArray;

/** Objects that know their place in a table, as a device's do, for one user thread and one that compacts. */
final class Owner implements MoveListener {
    private static final int MOST_BATCH = 64;
    private static final int LIVE = 16;

    private final Allocator allocator;
    private final Arena arena;
    private final SizeSource source;
    private final PaddedRandom random;
    private final AtomicLongArray handles;
    private final short[] sizes;
    private final int[] batchSlots = new int[MOST_BATCH];
    private final int[] batchSizes = new int[MOST_BATCH];
    private final long[] batchHandles = new long[MOST_BATCH];
    private int moving;
    private int count;
    /** At {@link #LIVE}; it changes with each exchange, and the rest keeps it off the cache lines of another thread's. */
    private final long[] liveBytes = new long[2 * LIVE];

    Owner(Allocator allocator, Arena arena, SizeSource source, int capacity, long seed) {
        this.allocator = allocator;
        this.arena = arena;
        this.source = source;
        this.random = new PaddedRandom(seed);
        this.handles = new AtomicLongArray(capacity);
        this.sizes = new short[capacity];
    }

    // A handle of 0 is an empty slot; a negative one is locked.

    private long lock(int slot) {
        for (; ; ) {
            long handle = handles.get(slot);
            if (handle >= 0 && handles.compareAndSet(slot, handle, ~handle)) {
                return handle;
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public boolean tryBegin(long handle) {
        long offset = allocator.offset(handle);
        int slot = arena.slab(offset).getInt(Arena.position(offset));
        if (slot < 0 || slot >= count || !handles.compareAndSet(slot, handle, ~handle)) {
            return false;
        }
        moving = slot;
        return true;
    }

    @Override
    public void moved(long from, long to) {
        handles.set(moving, to);
    }

    void fill(long bytes) {
        while (liveBytes[LIVE] < bytes) {
            put(count++, source.next(random));
        }
    }

    private void put(int slot, int size) {
        long handle = allocator.allocate(Math.max(Integer.BYTES, size));
        if (handle == Allocator.NONE) {
            throw new IllegalStateException("the arena is full: " + arena.statistics());
        }
        long offset = allocator.offset(handle);
        arena.slab(offset).putInt(Arena.position(offset), slot);
        sizes[slot] = (short) size;
        liveBytes[LIVE] += size;
        handles.set(slot, handle);
    }

    private void drop(int slot, long handle) {
        allocator.free(handle);
        liveBytes[LIVE] -= sizes[slot];
        handles.set(slot, 0);
    }

    /** Frees a share of all objects at random. */
    void drop(double share) {
        for (int slot = 0; slot < count; slot++) {
            if (random.nextDouble() < share) {
                long handle = lock(slot);
                if (handle == 0) {
                    handles.set(slot, 0);
                } else {
                    drop(slot, handle);
                }
            }
        }
    }

    /** Puts new objects into empty slots, of sizes scaled by {@code factor}, up to {@code bytes}. */
    void refill(long bytes, double factor) {
        for (int slot = 0; slot < count && liveBytes[LIVE] < bytes; slot++) {
            if (handles.get(slot) == 0) {
                put(slot, source.next(random, factor));
            }
        }
        while (liveBytes[LIVE] < bytes) {
            put(count++, source.next(random, factor));
        }
    }

    /** Frees a random object and allocates another, so many times. */
    void exchange(int times) {
        for (int i = 0; i < times; i++) {
            int slot = random.nextInt(count);
            long handle = lock(slot);
            if (handle != 0) {
                drop(slot, handle);
            }
            put(slot, source.next(random));
        }
    }

    /**
     * Frees as many objects and allocates as many others; the nanoseconds that the allocator's calls took together.
     *
     * @param warm the objects freed are the ones allocated by the last batch; else random ones out of all
     */
    long exchangeBatch(int times, boolean warm) {
        for (int i = 0; i < times; i++) {
            batchSlots[i] = warm ? i : random.nextInt(i * (count / times), (i + 1) * (count / times));
            batchSizes[i] = Math.max(Integer.BYTES, source.next(random));
            batchHandles[i] = handles.get(batchSlots[i]);
        }
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            if (batchHandles[i] != 0) {
                allocator.free(batchHandles[i]);
            }
            batchHandles[i] = allocator.allocate(batchSizes[i]);
        }
        long nanos = System.nanoTime() - start;
        for (int i = 0; i < times; i++) {
            long offset = allocator.offset(batchHandles[i]);
            arena.slab(offset).putInt(Arena.position(offset), batchSlots[i]);
            handles.set(batchSlots[i], batchHandles[i]);
            liveBytes[LIVE] += batchSizes[i] - sizes[batchSlots[i]];
            sizes[batchSlots[i]] = (short) batchSizes[i];
        }
        return nanos;
    }

    /** Reads the first word of as many random objects, one after the other; the nanoseconds that it took. */
    long readBatch(int times) {
        for (int i = 0; i < times; i++) {
            batchHandles[i] = handles.get(random.nextInt(count));
        }
        int nothing = 0;
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            // Slots are never negative: this adds 0, which the processor learns only once it has read the one before.
            long offset = allocator.offset(batchHandles[i]) + nothing;
            nothing = arena.slab(offset).getInt(Arena.position(offset)) >>> (Integer.SIZE - 1);
        }
        long nanos = System.nanoTime() - start;
        return nothing == 0 ? nanos : -1;
    }

    long liveBytes() {
        return liveBytes[LIVE];
    }
}
