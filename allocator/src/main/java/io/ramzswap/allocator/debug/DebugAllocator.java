package io.ramzswap.allocator.debug;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorStatistics;
import io.ramzswap.allocator.MoveListener;
import io.ramzswap.allocator.arena.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Another allocator, watched: finds double frees, use after free, overruns and leaks, and tells who allocated the object.
 *
 * <ul>
 *   <li>{@value #GUARD_BYTES} bytes behind what was asked for, as far as the largest size allows, hold a pattern that is checked when the object is freed.
 *   <li>A freed object is overwritten with another pattern and kept for a while; when it really goes, the pattern is checked.
 *   <li>Every object has the stack of who allocated it, every freed one also that of who freed it.
 * </ul>
 *
 * <p>One lock for all, and heap memory for each object: for tests. {@code -D}{@value #SWITCH}{@code =true} makes {@link
 * io.ramzswap.allocator.AllocatorKind} wrap every allocator so.
 */
public final class DebugAllocator implements Allocator {
    /** The system property that turns it on. */
    public static final String SWITCH = "ramzswap.allocator.debug";

    private static final int GUARD_BYTES = 8;
    private static final int DEFAULT_QUARANTINE = 1024;
    private static final byte GUARD = (byte) 0xA5;
    private static final byte DEAD = (byte) 0xDB;

    private final Allocator watched;
    private final Arena arena;
    private final int quarantineSize;
    private final Map<Long, Known> live = new HashMap<>();
    private final Map<Long, Known> dead = new HashMap<>();
    private final ArrayDeque<Long> quarantine = new ArrayDeque<>();

    /** The record kept of an object. */
    private static final class Known {
        private final int sizeBytes;
        private final Throwable allocatedBy;

        Known(int sizeBytes) {
            this.sizeBytes = sizeBytes;
            this.allocatedBy = new Throwable("allocated here");
        }
    }

    /** Watches {@code watched}, which has no objects yet, and keeps the last {@code quarantineSize} freed objects. */
    public DebugAllocator(Allocator watched, Arena arena, int quarantineSize) {
        this.watched = watched;
        this.arena = arena;
        this.quarantineSize = quarantineSize;
    }

    /** The allocator itself, or watched if the {@link #SWITCH} says so. */
    public static Allocator ifSwitchedOn(Allocator allocator, Arena arena) {
        return Boolean.getBoolean(SWITCH) ? new DebugAllocator(allocator, arena, DEFAULT_QUARANTINE) : allocator;
    }

    @Override
    public synchronized long allocate(int sizeBytes) {
        if (sizeBytes < 1 || sizeBytes > MAX_OBJECT_BYTES) {
            throw new MisuseError("allocation of " + sizeBytes + " bytes", null);
        }
        long handle = watched.allocate(guardEnd(sizeBytes));
        while (handle == NONE && !quarantine.isEmpty()) {
            release(quarantine.remove());
            handle = watched.allocate(guardEnd(sizeBytes));
        }
        if (handle != NONE) {
            write(handle, sizeBytes, guardEnd(sizeBytes), GUARD);
            live.put(handle, new Known(sizeBytes));
        }
        return handle;
    }

    private static int guardEnd(int sizeBytes) {
        return Math.min(MAX_OBJECT_BYTES, sizeBytes + GUARD_BYTES);
    }

    @Override
    public synchronized boolean free(long handle) {
        Known known = live.remove(handle);
        if (known == null) {
            throw misuse("freed twice", "freed", handle);
        }
        int changed = firstOther(handle, known.sizeBytes, guardEnd(known.sizeBytes), GUARD);
        if (changed >= 0) {
            throw new MisuseError(
                    "overrun: byte " + changed + " of an object of " + known.sizeBytes + " bytes was written",
                    known.allocatedBy);
        }
        write(handle, 0, known.sizeBytes, DEAD);
        known.allocatedBy.addSuppressed(new Throwable("freed here"));
        dead.put(handle, known);
        quarantine.add(handle);
        while (quarantine.size() > quarantineSize) {
            release(quarantine.remove());
        }
        return true;
    }

    private void release(long handle) {
        Known known = dead.remove(handle);
        int changed = firstOther(handle, 0, known.sizeBytes, DEAD);
        watched.free(handle);
        if (changed >= 0) {
            throw new MisuseError(
                    "use after free: byte " + changed + " of an object of " + known.sizeBytes
                            + " bytes was written after it was freed",
                    known.allocatedBy);
        }
    }

    private MisuseError misuse(String what, String did, long handle) {
        Known known = dead.get(handle);
        return known == null
                ? new MisuseError(did + ": " + handle + ", which is no object", null)
                : new MisuseError(
                        what + ": the object " + handle + " of " + known.sizeBytes + " bytes", known.allocatedBy);
    }

    private Known liveOrThrow(long handle) {
        Known known = live.get(handle);
        if (known == null) {
            throw misuse("use after free", "used", handle);
        }
        return known;
    }

    private void write(long handle, int from, int to, byte value) {
        long offset = watched.offset(handle);
        ByteBuffer slab = arena.slab(offset);
        for (int i = from; i < to; i++) {
            slab.put(Arena.position(offset) + i, value);
        }
    }

    private int firstOther(long handle, int from, int to, byte value) {
        long offset = watched.offset(handle);
        ByteBuffer slab = arena.slab(offset);
        for (int i = from; i < to; i++) {
            if (slab.get(Arena.position(offset) + i) != value) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public synchronized long offset(long handle) {
        liveOrThrow(handle);
        return watched.offset(handle);
    }

    /** Just what was asked for. */
    @Override
    public synchronized int size(long handle) {
        return liveOrThrow(handle).sizeBytes;
    }

    @Override
    public synchronized long compact(MoveListener listener, long mostBytes) {
        return watched.compact(
                new MoveListener() {
                    @Override
                    public boolean tryBegin(long handle) {
                        return live.containsKey(handle) && listener.tryBegin(handle);
                    }

                    @Override
                    public void moved(long from, long to) {
                        live.put(to, live.remove(from));
                        listener.moved(from, to);
                    }
                },
                mostBytes);
    }

    @Override
    public synchronized void forEachObject(Allocator.ObjectVisitor visitor) {
        watched.forEachObject(handle -> {
            if (live.containsKey(handle)) {
                visitor.visit(handle);
            }
        });
    }

    @Override
    public synchronized AllocatorStatistics statistics() {
        return watched.statistics();
    }

    /**
     * To be called at the end: checks what was freed, and that everything was.
     *
     * @throws MisuseError if an object is left; its cause is who allocated it
     */
    public synchronized void close() {
        while (!quarantine.isEmpty()) {
            release(quarantine.remove());
        }
        for (Map.Entry<Long, Known> left : live.entrySet()) {
            throw new MisuseError(
                    "leak: " + live.size() + " objects were not freed, one of them of " + left.getValue().sizeBytes
                            + " bytes",
                    left.getValue().allocatedBy);
        }
    }

    /** An allocator was used wrongly. The message says how; its cause and suppressed errors are who allocated and freed. */
    public static final class MisuseError extends AssertionError {
        private static final long serialVersionUID = 1L;

        MisuseError(String message, Throwable allocatedBy) {
            super(message, allocatedBy);
        }
    }
}
