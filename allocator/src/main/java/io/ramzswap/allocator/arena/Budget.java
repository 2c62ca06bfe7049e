package io.ramzswap.allocator.arena;

import static io.ramzswap.allocator.arena.ArenaLayout.FRAME_SHIFT;

import java.util.concurrent.atomic.AtomicLong;

/** Counts what is used and holds it at or below the limit. */
final class Budget {
    private final AtomicLong framesInUse = new AtomicLong();
    private final AtomicLong metadataBytes = new AtomicLong();
    private final AtomicLong highWaterBytes = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();
    private volatile long limitBytes;

    Budget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Counts frames in that are about to be handed out; false, counted as a refusal, if the limit forbids them. */
    boolean take(int frames) {
        long before;
        long used;
        do {
            before = framesInUse.get();
            used = ((before + frames) << FRAME_SHIFT) + metadataBytes.get();
            if (used > limitBytes) {
                refusals.incrementAndGet();
                return false;
            }
        } while (!framesInUse.compareAndSet(before, before + frames));
        if (used > highWaterBytes.get()) {
            raiseHighWater(used);
        }
        return true;
    }

    private void raiseHighWater(long used) {
        long seen = highWaterBytes.get();
        while (seen < used && !highWaterBytes.compareAndSet(seen, used)) {
            seen = highWaterBytes.get();
        }
    }

    /** Frames that were taken will not be handed out. */
    void refuse(int frames) {
        framesInUse.addAndGet(-frames);
        refusals.incrementAndGet();
    }

    void give(int frames) {
        framesInUse.addAndGet(-frames);
    }

    void recovered(long frames) {
        framesInUse.set(frames);
    }

    void addMetadata(long bytes) {
        metadataBytes.addAndGet(bytes);
    }

    /** The number of frames that may still be handed out within the limit. */
    long framesLeft() {
        return Math.max(0, limitBytes - usedBytes()) >>> FRAME_SHIFT;
    }

    long usedBytes() {
        return (framesInUse.get() << FRAME_SHIFT) + metadataBytes.get();
    }

    long framesInUse() {
        return framesInUse.get();
    }

    long metadataBytes() {
        return metadataBytes.get();
    }

    long highWaterBytes() {
        return highWaterBytes.get();
    }

    long refusals() {
        return refusals.get();
    }

    long limitBytes() {
        return limitBytes;
    }

    void setLimitBytes(long newLimitBytes) {
        limitBytes = newLimitBytes;
    }
}
