package io.ramzswap.allocator.block;

import io.ramzswap.allocator.MoveListener;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.SharedMemory;

/** The steps of emptying a region, each under its stripe's lock for a short time. {@link BlockCompaction} tells the order. */
final class Evacuation {
    /** The owner did not allow a move. */
    static final int VETOED = -1;
    /** No block was large enough to move an object to. */
    static final int NO_ROOM = -2;

    private final Regions regions;
    private final SharedMemory memory;

    Evacuation(Regions regions, SharedMemory memory) {
        this.regions = regions;
        this.memory = memory;
    }

    /** Sets a region apart, so that nothing is put there; its first block, or NONE if it is no region any more. */
    long isolate(int index, long frame) {
        BlockStripe stripe = regions.stripe(index);
        stripe.lock.lock();
        long first = BlockStripe.NONE;
        if (regions.isOfStripe(index, frame) && regions.usedBytes(frame) != 0 && regions.isCompactable(stripe, frame)) {
            first = regions.start(frame);
            stripe.isolate(first);
            regions.setIsolated(frame);
        }
        stripe.lock.unlock();
        return first;
    }

    /** Undoes {@link #isolate}; if the region is empty it goes back to the arena. */
    void reunite(int index, long frame) {
        BlockStripe stripe = regions.stripe(index);
        stripe.lock.lock();
        if (!regions.isRegion(frame) || !regions.isCompactable(stripe, frame)) {
            // Damaged since: it stays as it is, and what is free in it, too.
            stripe.lock.unlock();
            return;
        }
        regions.setUsed(index, frame, 0);
        int used = stripe.list(regions.start(frame));
        regions.setUsed(index, frame, used);
        if (used == 0) {
            stripe.removeRegion();
        }
        stripe.lock.unlock();
        if (used == 0) {
            regions.giveBack(frame);
        }
    }

    /** Gives the stripe another region; its frame or NONE. If nothing is moved there, {@link #dropIfEmpty} must follow. */
    long grow(int index) {
        long frame = regions.take(index);
        if (frame != Arena.NONE) {
            BlockStripe stripe = regions.stripe(index);
            stripe.lock.lock();
            regions.add(index, frame);
            stripe.lock.unlock();
        }
        return frame;
    }

    /** Gives a region back if nothing is in it. */
    void dropIfEmpty(int index, long frame) {
        BlockStripe stripe = regions.stripe(index);
        stripe.lock.lock();
        boolean empty = regions.isOfStripe(index, frame)
                && regions.usedBytes(frame) == 0
                && stripe.isOneFreeBlock(regions.start(frame));
        if (empty) {
            stripe.isolate(regions.start(frame));
            stripe.removeRegion();
        }
        stripe.lock.unlock();
        if (empty) {
            regions.giveBack(frame);
        }
    }

    /**
     * Moves a block of an isolated region elsewhere in the stripe, if its owner allows. The caller holds the stripe's lock.
     *
     * @return the bytes moved, {@link #VETOED}, or {@link #NO_ROOM}
     */
    int move(int index, long block, MoveListener listener) {
        BlockStripe stripe = regions.stripe(index);
        if (!stripe.isInUse(block, true)) {
            return VETOED;
        }
        int payload = stripe.payloadBytes(block);
        long target = regions.takeBlockBeside(stripe, payload);
        if (target == BlockStripe.NONE) {
            return NO_ROOM;
        }
        long handle = block + BlockHeader.BYTES;
        if (!listener.tryBegin(handle)) {
            long targetRegion = regions.of(target);
            if (regions.releaseBlock(stripe, targetRegion, target) == Regions.EMPTIED) {
                regions.giveBack(targetRegion);
            }
            return VETOED;
        }
        memory.copy(handle, target + BlockHeader.BYTES, payload);
        listener.moved(handle, target + BlockHeader.BYTES);
        regions.releaseBlock(stripe, regions.of(block), block);
        return payload;
    }
}
