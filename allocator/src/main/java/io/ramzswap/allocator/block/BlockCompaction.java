package io.ramzswap.allocator.block;

import io.ramzswap.allocator.MoveListener;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.pool.SpinLock;
import java.util.concurrent.atomic.LongAdder;

/**
 * Empties the regions of a pool that are used least.
 *
 * <ol>
 *   <li>It is worth it as long as holes are more than {@value #ACCEPTED_HOLES_PERCENT} % of what the pool holds. A stripe is as
 *       long as its own are more of what it holds, and more than two regions.
 *   <li>Regions are taken as {@link EmptiestRegions} tells them, those used least first, so that what is moved buys most.
 *   <li>A region is isolated: its free blocks leave the lists. From here on a free in it just marks the block.
 *   <li>Each of its objects is moved to a block that fits, in another region of the stripe; where there is none the stripe
 *       gets a new region, as long as the arena has any. The stripe's lock is held for one object at a time.
 *   <li>Where objects are of such sizes that a region always keeps a hole, moving gains nothing. That is noticed, and ends
 *       the compaction until there are more holes.
 *   <li>What could not be moved stays: the region's blocks are merged and listed again. An empty region goes back.
 * </ol>
 */
public final class BlockCompaction {
    private static final int ACCEPTED_HOLES_PERCENT = 2;

    private final Regions regions;
    private final Evacuation evacuation;
    private final SpinLock running = new SpinLock();
    /** Found by an earlier run, as long as there are any. Under {@link #running}. */
    private final EmptiestRegions emptiest;
    /** By stripe, for a look. */
    private final boolean[] worthwhile;

    private final Exhaustion exhaustion = new Exhaustion();
    private final LongAdder movedObjects = new LongAdder();
    private final LongAdder movedBytes = new LongAdder();
    private final LongAdder vetoes = new LongAdder();

    /** A compaction of {@code blocks}. */
    public BlockCompaction(BlockPool blocks) {
        this.regions = blocks.regions();
        this.emptiest = new EmptiestRegions(regions);
        this.worthwhile = new boolean[regions.stripeCount()];
        this.evacuation = blocks.evacuation();
    }

    /** {@link io.ramzswap.allocator.Allocator#compact}. */
    public long run(MoveListener listener, long mostBytes) {
        if (!running.tryLock()) {
            return 0;
        }
        try {
            long heldBefore = regions.allHeldBytes();
            long holes = regions.allHoleBytes();
            if (holes <= acceptedHoleBytes(heldBefore) || !exhaustion.mayGain(holes, heldBefore)) {
                return 0;
            }
            long moved = emptyRegions(listener, mostBytes);
            exhaustion.count(moved, heldBefore - regions.allHeldBytes(), regions.allHoleBytes());
            return moved;
        } finally {
            running.unlock();
        }
    }

    private long emptyRegions(MoveListener listener, long mostBytes) {
        long moved = 0;
        boolean hasLooked = false;
        while (moved < mostBytes) {
            long frame = emptiest.next();
            if (frame != Arena.NONE) {
                moved += emptyIfWorthwhile(frame, listener);
            } else if (hasLooked) {
                break;
            } else {
                look();
                hasLooked = true;
            }
        }
        return moved;
    }

    private void look() {
        for (int index = 0; index < worthwhile.length; index++) {
            worthwhile[index] = isWorthwhile(index);
        }
        emptiest.look(worthwhile);
    }

    private boolean isWorthwhile(int index) {
        return regions.holeBytes(index) > Math.max(2L * regions.bytes(), acceptedHoleBytes(regions.heldBytes(index)));
    }

    private static long acceptedHoleBytes(long heldBytes) {
        return heldBytes * ACCEPTED_HOLES_PERCENT / 100;
    }

    private long emptyIfWorthwhile(long frame, MoveListener listener) {
        // Any stripe if the region is given back meanwhile, which isolate() notices.
        int index = regions.stripeNear(frame);
        return isWorthwhile(index) ? empty(index, frame, listener) : 0;
    }

    private long empty(int index, long frame, MoveListener listener) {
        long first = evacuation.isolate(index, frame);
        if (first == BlockStripe.NONE) {
            return 0;
        }
        long moved = 0;
        long grown = Arena.NONE;
        boolean mayGrow = true;
        BlockStripe stripe = regions.stripe(index);
        for (long block = first; block != BlockStripe.NONE; ) {
            stripe.lock.lock();
            int result = stripe.isFree(block) ? 0 : evacuation.move(index, block, listener);
            long next = stripe.next(block);
            stripe.lock.unlock();
            if (result == Evacuation.NO_ROOM && mayGrow) {
                grown = evacuation.grow(index);
                mayGrow = grown != Arena.NONE;
                if (mayGrow) {
                    continue;
                }
            }
            moved += count(result);
            block = next;
        }
        evacuation.reunite(index, frame);
        if (grown != Arena.NONE) {
            evacuation.dropIfEmpty(index, grown);
        }
        return moved;
    }

    private int count(int result) {
        if (result == Evacuation.VETOED) {
            vetoes.increment();
        }
        if (result <= 0) {
            return 0;
        }
        movedObjects.increment();
        movedBytes.add(result);
        return result;
    }

    /** Objects moved so far. */
    public long movedObjects() {
        return movedObjects.sum();
    }

    /** Their bytes. */
    public long movedBytes() {
        return movedBytes.sum();
    }

    /** Moves that the owner refused so far. */
    public long vetoes() {
        return vetoes.sum();
    }

    /** Notices that moving objects gains no memory any more; of the thread that compacts. */
    static final class Exhaustion {
        private static final long WINDOW_BYTES = 2L << 20;
        private static final int LEAST_GAIN_SHARE = 32;
        private static final int MORE_HOLES_SHARE = 100;
        private static final long MORE_HOLES_BYTES = 256L << 10;

        private long moved;
        private long gained;
        private long exhaustedHoles = -1;

        /** Counts a run: what it moved and how much less is held after it. */
        void count(long movedBytes, long gainedBytes, long holeBytes) {
            moved += movedBytes;
            gained += gainedBytes;
            if (moved >= WINDOW_BYTES) {
                exhaustedHoles = gained < moved / LEAST_GAIN_SHARE ? holeBytes : -1;
                moved = 0;
                gained = 0;
            }
        }

        /** Whether there is something to gain, as far as is known: nothing was tried in vain, or there are more holes now. */
        boolean mayGain(long holeBytes, long heldBytes) {
            return exhaustedHoles < 0 || holeBytes > exhaustedHoles + MORE_HOLES_BYTES + heldBytes / MORE_HOLES_SHARE;
        }
    }
}
