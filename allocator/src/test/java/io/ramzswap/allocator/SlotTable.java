package io.ramzswap.allocator;

import io.ramzswap.allocator.arena.Arena;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/** Owns objects as a page table does: a slot each, locked while it is used, and the slot's number within the object. */
final class SlotTable implements MoveListener {
    private static final long EMPTY = -1;
    private static final int HEADER_BYTES = 8;

    private final Allocator allocator;
    private final Arena arena;
    private final AtomicLongArray handles;
    private final AtomicIntegerArray sizes;
    private final AtomicIntegerArray locks;
    /** The slot locked by tryBegin; of the compacting thread. */
    private int moving;

    SlotTable(Allocator allocator, Arena arena, int slots) {
        this.allocator = allocator;
        this.arena = arena;
        this.handles = new AtomicLongArray(slots);
        this.sizes = new AtomicIntegerArray(slots);
        this.locks = new AtomicIntegerArray(slots);
        for (int slot = 0; slot < slots; slot++) {
            handles.set(slot, EMPTY);
        }
    }

    @Override
    public boolean tryBegin(long handle) {
        long offset = allocator.offset(handle);
        int slot = arena.slab(offset).getInt(Arena.position(offset));
        if (slot < 0 || slot >= locks.length() || !locks.compareAndSet(slot, 0, 1)) {
            return false;
        }
        if (handles.get(slot) != handle) {
            locks.set(slot, 0);
            return false;
        }
        moving = slot;
        return true;
    }

    @Override
    public void moved(long from, long to) {
        if (handles.get(moving) != from) {
            throw new AssertionError("slot " + moving + " is at " + handles.get(moving) + ", not " + from);
        }
        handles.set(moving, to);
        locks.set(moving, 0);
    }

    /** Stores, checks or drops a random slot, {@code count} times. */
    void useRandomly(int count, long seed, int sharePutPercent) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < count; i++) {
            int slot = random.nextInt(locks.length());
            lock(slot);
            if (random.nextInt(100) < sharePutPercent) {
                put(slot, HEADER_BYTES + random.nextInt(3000));
            } else {
                drop(slot);
            }
            locks.set(slot, 0);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // waits for another user of the slot
    private void lock(int slot) {
        while (!locks.compareAndSet(slot, 0, 1)) {
            Thread.yield();
        }
    }

    void put(int slot, int size) {
        drop(slot);
        long handle = allocator.allocate(size);
        if (handle == Allocator.NONE) {
            throw new AssertionError("refused");
        }
        long offset = allocator.offset(handle);
        ByteBuffer slab = arena.slab(offset);
        int start = Arena.position(offset);
        slab.putInt(start, slot);
        slab.putInt(start + 4, size);
        Pattern.write(slab, start + HEADER_BYTES, size - HEADER_BYTES, slot + size);
        sizes.set(slot, size);
        handles.set(slot, handle);
    }

    void drop(int slot) {
        long handle = handles.get(slot);
        if (handle != EMPTY) {
            check(slot);
            handles.set(slot, EMPTY);
            allocator.free(handle);
        }
    }

    void checkAll() {
        for (int slot = 0; slot < handles.length(); slot++) {
            if (handles.get(slot) != EMPTY) {
                check(slot);
            }
        }
    }

    void dropAll() {
        for (int slot = 0; slot < handles.length(); slot++) {
            drop(slot);
        }
    }

    long liveBytes() {
        long bytes = 0;
        for (int slot = 0; slot < handles.length(); slot++) {
            bytes += handles.get(slot) == EMPTY ? 0 : sizes.get(slot);
        }
        return bytes;
    }

    private void check(int slot) {
        long offset = allocator.offset(handles.get(slot));
        ByteBuffer slab = arena.slab(offset);
        int start = Arena.position(offset);
        int size = sizes.get(slot);
        boolean same = slab.getInt(start) == slot
                && slab.getInt(start + 4) == size
                && Pattern.isAt(slab, start + HEADER_BYTES, size - HEADER_BYTES, slot + size);
        if (!same) {
            throw new AssertionError("the object of " + size + " bytes of slot " + slot + " changed");
        }
    }
}
