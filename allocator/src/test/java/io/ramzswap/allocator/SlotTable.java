package io.ramzswap.allocator;

import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.SharedMemory;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Owns objects as a page table does: a slot each, locked while it is used, and the slot's number within the object. The table
 * lies in shared memory, so another process can take it over.
 */
public final class SlotTable implements MoveListener {
    private static final long EMPTY = 0;
    private static final int HEADER_BYTES = 8;

    private final Allocator allocator;
    private final Arena arena;
    private final SharedMemory handles;
    private final AtomicIntegerArray locks;
    /** The slot locked by tryBegin; of the compacting thread. */
    private int moving;

    /** A table of as many slots as {@code handles} has words; where they are not 0 there are objects. */
    public SlotTable(Allocator allocator, Arena arena, SharedMemory handles) {
        this.allocator = allocator;
        this.arena = arena;
        this.handles = handles;
        this.locks = new AtomicIntegerArray((int) (handles.bytes() / Long.BYTES));
    }

    /** The object of a slot, or 0. */
    public long handle(int slot) {
        return handles.getLong((long) slot * Long.BYTES);
    }

    private void setHandle(int slot, long handle) {
        handles.putLong((long) slot * Long.BYTES, handle);
    }

    /** How many slots there are. */
    public int slots() {
        return locks.length();
    }

    @Override
    public boolean tryBegin(long handle) {
        long offset = allocator.offset(handle);
        int slot = arena.slab(offset).getInt(Arena.position(offset));
        if (slot < 0 || slot >= locks.length() || !locks.compareAndSet(slot, 0, 1)) {
            return false;
        }
        if (handle(slot) != handle) {
            locks.set(slot, 0);
            return false;
        }
        moving = slot;
        return true;
    }

    @Override
    public void moved(long from, long to) {
        if (handle(moving) != from) {
            throw new AssertionError("slot " + moving + " is at " + handle(moving) + ", not " + from);
        }
        setHandle(moving, to);
        locks.set(moving, 0);
    }

    /** Stores, checks or drops a random slot, {@code count} times. */
    public void useRandomly(int count, long seed, int sharePutPercent) {
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

    public void put(int slot, int size) {
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
        setHandle(slot, handle);
    }

    public void drop(int slot) {
        long handle = handle(slot);
        if (handle != EMPTY) {
            check(slot);
            setHandle(slot, EMPTY);
            allocator.free(handle);
        }
    }

    /** Checks every byte of every object. */
    public void checkAll() {
        for (int slot = 0; slot < locks.length(); slot++) {
            if (handle(slot) != EMPTY) {
                check(slot);
            }
        }
    }

    /** Frees all objects. */
    public void dropAll() {
        for (int slot = 0; slot < locks.length(); slot++) {
            drop(slot);
        }
    }

    long liveBytes() {
        long bytes = 0;
        for (int slot = 0; slot < locks.length(); slot++) {
            bytes += handle(slot) == EMPTY ? 0 : size(handle(slot));
        }
        return bytes;
    }

    private int size(long handle) {
        long offset = allocator.offset(handle) + Integer.BYTES;
        return arena.slab(offset).getInt(Arena.position(offset));
    }

    private void check(int slot) {
        long offset = allocator.offset(handle(slot));
        ByteBuffer slab = arena.slab(offset);
        int start = Arena.position(offset);
        int size = size(handle(slot));
        boolean same = slab.getInt(start) == slot
                && size >= HEADER_BYTES
                && size <= allocator.size(handle(slot))
                && Pattern.isAt(slab, start + HEADER_BYTES, size - HEADER_BYTES, slot + size);
        if (!same) {
            throw new AssertionError("the object of " + size + " bytes of slot " + slot + " changed");
        }
    }
}
