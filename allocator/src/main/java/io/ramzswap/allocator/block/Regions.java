package io.ramzswap.allocator.block;

import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.pool.Pool;

/** The regions of a pool: runs of frames, each of one stripe, known by the number of their first frame. */
final class Regions {
    private static final int MAX_STRIPES = Arena.MAX_RUN_FRAMES / BlockStripe.CONTROL_FRAMES;

    static final int FREED = 0;
    static final int EMPTIED = 1;
    static final int DAMAGED = 2;

    static final int NO_STRIPE = -1;

    private final Pool pool;
    private final Arena arena;
    private final int frames;
    private final int bytes;
    private final BlockStripe[] stripes;

    /** {@code frames} of a region are a power of two up to 16; the control area tells how many stripes there are. */
    Regions(Pool pool, int frames) {
        this.pool = pool;
        this.arena = pool.arena();
        this.frames = frames;
        this.bytes = frames * Arena.FRAME_BYTES;
        this.stripes = new BlockStripe[pool.controlFrames() / BlockStripe.CONTROL_FRAMES];
        for (int i = 0; i < stripes.length; i++) {
            long control = pool.controlOffset(i * BlockStripe.CONTROL_FRAMES);
            stripes[i] = new BlockStripe(arena.memory(), control, bytes, new StripeOwner(i));
        }
    }

    private final class StripeOwner implements FreeLists.Owner {
        private final int index;

        StripeOwner(int index) {
            this.index = index;
        }

        @Override
        public boolean holds(long offset) {
            long word = pool.runPayload(of(offset));
            return word != Pool.NO_RUN && RegionWord.stripe(word) == index && !RegionWord.isIsolated(word);
        }

        @Override
        public boolean isFrame(long offset) {
            return pool.isFrame(arena.frameAt(offset));
        }

        @Override
        public void foundDamage() {
            pool.countDamage();
        }
    }

    /** The control area that so many stripes need. */
    static int controlFrames(int stripeCount) {
        if (stripeCount < 1 || stripeCount > MAX_STRIPES) {
            throw new IllegalArgumentException(stripeCount + " stripes are not within 1 to " + MAX_STRIPES);
        }
        return stripeCount * BlockStripe.CONTROL_FRAMES;
    }

    /** Takes over what a killed process left. */
    void recover() {
        pool.recover(frame -> frames);
        for (long frame = first(); frame != Arena.NONE; frame = after(frame)) {
            int index = stripeOf(frame);
            BlockStripe stripe = stripes[index];
            stripe.countObjects(start(frame));
            // Not isolated any more, if it was.
            setUsed(index, frame, 0);
            int used = stripe.list(start(frame));
            if (used == 0) {
                stripe.removeRegion();
                giveBack(frame);
            } else {
                setUsed(index, frame, used);
            }
        }
    }

    int bytes() {
        return bytes;
    }

    int stripeCount() {
        return stripes.length;
    }

    BlockStripe stripe(int index) {
        return stripes[index];
    }

    /** Takes a region of the arena, formatted, of which nobody else knows before {@link #add}; or {@link Arena#NONE}. */
    long take(int index) {
        long frame = pool.takeRun(frames);
        if (frame != Arena.NONE) {
            stripes[index].format(start(frame));
        }
        return frame;
    }

    /** Whether regions of several frames could be had as far as the limit goes. */
    boolean mayGrow() {
        return frames > 1 && arena.isWithinLimit(frames);
    }

    /** Under the stripe's lock, so that a published region is always in the lists. */
    void add(int index, long frame) {
        pool.publishRun(frame, frames, RegionWord.of(index, 0));
        stripes[index].addRegion(start(frame));
    }

    /** Returns a region that is in no list. */
    void giveBack(long frame) {
        pool.freeRun(frame, frames);
    }

    /** Takes a block of the stripe, under its lock; its header's offset, or {@link BlockStripe#NONE}. */
    long takeBlock(BlockStripe stripe, int payload) {
        return countUsed(stripe, stripe.allocate(payload));
    }

    /** The same, beside the one that was taken so before. */
    long takeBlockBeside(BlockStripe stripe, int payload) {
        return countUsed(stripe, stripe.allocateBeside(payload));
    }

    private long countUsed(BlockStripe stripe, long block) {
        if (block != BlockStripe.NONE) {
            addUsed(of(block), BlockHeader.BYTES + stripe.payloadBytes(block));
        }
        return block;
    }

    /**
     * Frees a block under the lock of its stripe.
     *
     * @return {@link #FREED}; {@link #EMPTIED} if its region is empty and in no list now; or {@link #DAMAGED}, and that is counted, if
     *     there is no such block: nothing has changed then
     */
    int releaseBlock(BlockStripe stripe, long frame, long block) {
        boolean isIsolated = RegionWord.isIsolated(pool.payload(frame));
        if (!stripe.isInUse(block, isIsolated)) {
            pool.countDamage();
            return DAMAGED;
        }
        addUsed(frame, -BlockHeader.BYTES - stripe.payloadBytes(block));
        if (isIsolated) {
            stripe.freeIsolated(block);
            return FREED;
        }
        return stripe.free(block) ? EMPTIED : FREED;
    }

    /** Whether a region's headers fit together. If not, that is counted, and it is not compacted any more. */
    boolean isCompactable(BlockStripe stripe, long frame) {
        long word = pool.payload(frame);
        if (RegionWord.isDamaged(word)) {
            return false;
        }
        boolean isSound = stripe.isSound(start(frame), RegionWord.isIsolated(word));
        if (!isSound) {
            pool.countDamage();
            pool.setPayload(frame, RegionWord.damaged(word));
        }
        return isSound;
    }

    private void addUsed(long frame, int usedBytes) {
        pool.setPayload(frame, pool.payload(frame) + usedBytes);
    }

    /** Sets what is in use of a region that is not isolated any more. */
    void setUsed(int index, long frame, int usedBytes) {
        pool.setPayload(frame, RegionWord.of(index, usedBytes));
    }

    void setIsolated(long frame) {
        pool.setPayload(frame, RegionWord.isolated(pool.payload(frame)));
    }

    /** The region that a block lies in. */
    long of(long block) {
        return arena.frameAt(block & -(long) bytes);
    }

    /** The offset of the region's first block. */
    long start(long frame) {
        return arena.frameOffset(frame);
    }

    /** Whether the frame starts a region. */
    boolean isRegion(long frame) {
        return stripeIfRegion(frame) != NO_STRIPE;
    }

    /** The stripe of the region that the frame starts, or {@link #NO_STRIPE} if it starts none, or a damaged one. */
    int stripeIfRegion(long frame) {
        long word = pool.runPayload(frame);
        int stripe = word == Pool.NO_RUN ? NO_STRIPE : RegionWord.stripe(word);
        return stripe < stripes.length ? stripe : NO_STRIPE;
    }

    /** The stripe of a region, which the caller knows to be one. */
    int stripeOf(long frame) {
        return RegionWord.stripe(pool.payload(frame));
    }

    /** The same for what was a region: any stripe, if it was given back meanwhile. */
    int stripeNear(long frame) {
        return Math.floorMod(stripeOf(frame), stripes.length);
    }

    /** Whether the frame starts a region of that stripe; certain under the stripe's lock. */
    boolean isOfStripe(int index, long frame) {
        return stripeIfRegion(frame) == index;
    }

    int usedBytes(long frame) {
        return RegionWord.usedBytes(pool.payload(frame));
    }

    /** The first region, or {@link Arena#NONE}. */
    long first() {
        return pool.nextRun(0, frames);
    }

    /** The region behind the one that starts with {@code frame}, or {@link Arena#NONE}. */
    long after(long frame) {
        return pool.nextRun(frame + frames, frames);
    }

    /** The bytes that a stripe's regions hold. */
    long heldBytes(int index) {
        BlockStripe stripe = stripes[index];
        stripe.lock.lock();
        long held = stripe.regions() * bytes;
        stripe.lock.unlock();
        return held;
    }

    /** The bytes of a stripe's regions that are neither objects nor their headers. */
    long holeBytes(int index) {
        BlockStripe stripe = stripes[index];
        stripe.lock.lock();
        long used = stripe.objectBytes() + stripe.objects() * BlockHeader.BYTES;
        long held = stripe.regions() * bytes;
        stripe.lock.unlock();
        return held - used;
    }

    long allHeldBytes() {
        long held = 0;
        for (int index = 0; index < stripes.length; index++) {
            held += heldBytes(index);
        }
        return held;
    }

    long allHoleBytes() {
        long holes = 0;
        for (int index = 0; index < stripes.length; index++) {
            holes += holeBytes(index);
        }
        return holes;
    }
}
