package io.ramzswap.allocator.block;

import io.ramzswap.allocator.MoveListener;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.lock.SpinLock;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * Empties the regions of a pool that are used least.
 *
 * <ol>
 *   <li>A stripe is worth it as long as its holes are more than {@value #ACCEPTED_HOLES_PERCENT} % of what it holds, and
 *       more than two regions.
 *   <li>Regions are taken in rounds: first those used by up to a 32nd, then by two and so on, so that what
 *       is moved buys most.
 *   <li>A region is isolated: its free blocks leave the lists. From here on a free in it just marks the block.
 *   <li>Each of its objects is moved to a block that fits, in another region of the stripe; where there is none the stripe
 *       gets a new region. The stripe's lock is held for one object at a time.
 *   <li>Where objects are of such sizes that a region always keeps a hole, moving gains nothing. That is noticed, and ends
 *       the compaction until there are more holes.
 *   <li>What could not be moved stays: the region's blocks are merged and listed again. An empty region goes back.
 * </ol>
 */
public final class BlockCompaction {
    private static final int ACCEPTED_HOLES_PERCENT = 2;
    private static final int ROUNDS = 32;

    private final Regions regions;
    private final Evacuation evacuation;
    private final SpinLock running = new SpinLock();
    /** The regions that each round is the first for, as they were when the compaction began. Under {@link #running}. */
    private final int[] firstInRound = new int[ROUNDS + 1];

    private final Exhaustion exhaustion = new Exhaustion();
    private final LongAdder movedObjects = new LongAdder();
    private final LongAdder movedBytes = new LongAdder();
    private final LongAdder vetoes = new LongAdder();

    /** A compaction of {@code blocks}. */
    public BlockCompaction(BlockPool blocks) {
        this.regions = blocks.regions();
        this.evacuation = blocks.evacuation();
    }

    /** {@link io.ramzswap.allocator.Allocator#compact}. */
    public long run(MoveListener listener, long mostBytes) {
        if (!running.tryLock()) {
            return 0;
        }
        try {
            if (!exhaustion.isOver(regions.allHoleBytes(), regions.allHeldBytes())) {
                return 0;
            }
            long heldBefore = regions.allHeldBytes();
            long moved = 0;
            countRegions();
            for (int round = 1; round < ROUNDS && moved < mostBytes; round++) {
                // To look at all regions takes as long as to move some hundred objects.
                if (firstInRound[round] > 0) {
                    moved += compactRound(roundBytes() * round, listener, mostBytes - moved);
                }
            }
            exhaustion.count(moved, heldBefore - regions.allHeldBytes(), regions.allHoleBytes());
            return moved;
        } finally {
            running.unlock();
        }
    }

    private int roundBytes() {
        return regions.bytes() / ROUNDS;
    }

    private void countRegions() {
        Arrays.fill(firstInRound, 0);
        for (long frame = regions.next(0, regions.bytes());
                frame != Arena.NONE;
                frame = regions.next(frame + 1, regions.bytes())) {
            int round = (regions.usedBytes(frame) + roundBytes() - 1) / roundBytes();
            firstInRound[Math.max(1, Math.min(round, ROUNDS))]++;
        }
    }

    private long compactRound(int mostUsed, MoveListener listener, long mostBytes) {
        long moved = 0;
        long frame = regions.next(0, mostUsed);
        while (frame != Arena.NONE && moved < mostBytes) {
            // Any number if the region is given back meanwhile, which isolate() notices.
            int index = Math.floorMod(regions.stripeOf(frame), regions.stripeCount());
            if (isWorthwhile(index)) {
                moved += empty(index, frame, listener);
            }
            frame = regions.next(frame + 1, mostUsed);
        }
        return moved;
    }

    private boolean isWorthwhile(int index) {
        long accepted = Math.max(2L * regions.bytes(), regions.heldBytes(index) * ACCEPTED_HOLES_PERCENT / 100);
        return regions.holeBytes(index) > accepted;
    }

    private long empty(int index, long frame, MoveListener listener) {
        long first = evacuation.isolate(index, frame);
        if (first == BlockStripe.NONE) {
            return 0;
        }
        long moved = 0;
        long grown = Arena.NONE;
        BlockStripe stripe = regions.stripe(index);
        for (long block = first; block != BlockStripe.NONE; ) {
            stripe.lock.lock();
            int result = stripe.isFree(block) ? 0 : evacuation.move(index, block, listener);
            long next = stripe.next(block);
            stripe.lock.unlock();
            if (result == Evacuation.NO_ROOM) {
                grown = evacuation.grow(index);
                if (grown != Arena.NONE) {
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
}
