package io.ramzswap.zcache;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorStatistics;
import io.ramzswap.allocator.MoveListener;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.table.PageTable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Closes the gaps that freed pages leave, so that memory really returns to the host. Looks once a second and works when
 * more than a share of what the allocator holds is empty, in small steps, with a pause between them. While the arena's
 * reserve is short it lets pages come first: moving objects takes frames from it before it returns any.
 *
 * <p>{@link #run} goes on until {@link #stop}; it is for a thread of its own.
 */
public final class Compactor implements Runnable {
    private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long STEP_BYTES = 1 << 20;
    /** Less than a 32nd of what is held, or than this, is not worth the work. */
    private static final int WASTE_DIVISOR = 32;

    private static final long WASTE_BYTES = 256 << 10;

    private final Arena arena;
    private final Allocator allocator;
    private final MoveListener relocator;
    private volatile boolean stopped;
    private volatile Thread thread;
    private volatile long pauses;
    /** What was held and asked for when the last pass found nothing to move. */
    private long settledHeldBytes;

    private long settledObjectBytes;

    /** For an allocator whose objects belong to a {@link CompressedStore} behind {@code table}. */
    public Compactor(PageTable table, int slots, Arena arena, Allocator allocator) {
        this.arena = arena;
        this.allocator = allocator;
        this.relocator = new Relocator(table, slots, arena, allocator);
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        while (!stopped) {
            if (isWorthIt(allocator.statistics())) {
                compactUntilThereIsPressure();
            }
            LockSupport.parkNanos(this, LOOK_EVERY_NANOS);
        }
    }

    /** Has it look now. */
    public void wake() {
        LockSupport.unpark(thread);
    }

    /** Ends {@link #run} soon. */
    public void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    /** How often it let be, or broke off, what was worth doing, because the reserve was short. */
    public long pauses() {
        return pauses;
    }

    private boolean isWorthIt(AllocatorStatistics statistics) {
        long held = statistics.heldBytes();
        long waste = held - statistics.objectBytes();
        boolean changed = held != settledHeldBytes || statistics.objectBytes() != settledObjectBytes;
        return changed && waste > WASTE_BYTES && waste > held / WASTE_DIVISOR;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone counts
    private void compactUntilThereIsPressure() {
        do {
            if (arena.isReserveShort()) {
                pauses++;
                return;
            }
            LockSupport.parkNanos(this, PAUSE_NANOS);
        } while (!stopped && allocator.compact(relocator, STEP_BYTES) > 0);
        AllocatorStatistics settled = allocator.statistics();
        settledHeldBytes = settled.heldBytes();
        settledObjectBytes = settled.objectBytes();
    }
}
