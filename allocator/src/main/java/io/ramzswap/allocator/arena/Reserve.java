package io.ramzswap.allocator.arena;

import static io.ramzswap.allocator.arena.ArenaLayout.CHUNK_FRAMES;
import static io.ramzswap.allocator.arena.ArenaLayout.FRAME_SHIFT;
import static io.ramzswap.allocator.arena.ArenaLayout.QUARTER_FRAMES;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The populated free frames: keeps as many as were asked for, on a thread of its own.
 *
 * <p>They count by whole quarters of chunks, as allocators need them; a quarter serves single frames, too. The crumbs that
 * single frames leave, when they are freed here and there, serve nobody else. Some of them are kept beside the reserve, so
 * that frames which come one at a time do not break quarters. Where the address range has no quarter left that could become
 * whole, any frame counts.
 *
 * <p>{@link #run} is the refiller: the only place, but for the start, where memory is asked of the kernel or returned to
 * it. What the allocating threads do here is count, and unpark it.
 */
final class Reserve implements Runnable {
    private static final long BACK_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** In place of an errno: the address range has no room, whatever memory there is. */
    private static final int HOPELESS = -1;

    private final ChunkMemory memory;
    private final ChunkTable chunks;
    private final Budget budget;
    private final long reserveFrames;
    private final long windowNanos;
    /** The excess over its size that the reserve may reach before some of it is given back. */
    private final long slackFrames;
    /** Crumbs kept, as far as there are any. */
    private final long crumbFrames;

    private final AtomicLong freeFrames = new AtomicLong();
    /** The least of them since the window began, but for those who set it at the same moment. */
    private final AtomicLong leastFree = new AtomicLong();

    private volatile Thread refiller;
    private volatile boolean parked;
    private volatile boolean stopped;
    /** Frames in a row that a waiting thread needs, or 0. */
    private volatile int demandedRun;
    /** By length of a run, from the lowest bit on: the address range had no room for it at the last look. Set by the refiller. */
    private volatile long hopelessRuns;
    /** There may be chunks with crumbs that are not populated. */
    private volatile boolean hasHoles = true;
    /** Memory was just asked for in vain. */
    private volatile boolean backingOff;
    /** A thread waited for memory in vain, and none has come since. */
    private volatile boolean exhausted;

    private final AtomicLong populateFailures = new AtomicLong();
    private final AtomicLong framesGivenBack = new AtomicLong();
    private final AtomicLong chunksGivenBack = new AtomicLong();
    private final AtomicLong chunksPopulated = new AtomicLong();

    // Only the refiller, or the thread that starts the arena before there is one, touches these.
    private int freshChunk = -1;
    private long looked = System.nanoTime();
    /** Below these chunks there was nothing to populate at the last look: quarters, crumbs, and any frames. */
    private int quartersFrom;

    private int crumbsFrom;
    private int framesFrom;
    private long windowBegan = System.nanoTime();
    /** The frames that were free throughout the last window and have not been given back yet. */
    private long surplus;

    private int sweepAt;
    private boolean sweepQuarters;

    Reserve(ChunkMemory memory, ChunkTable chunks, Budget budget, ArenaOptions options) {
        this.memory = memory;
        this.chunks = chunks;
        this.budget = budget;
        this.reserveFrames = options.reserveBytes() >>> FRAME_SHIFT;
        this.windowNanos = options.idleWindow().toNanos();
        this.slackFrames = Math.max(2 * CHUNK_FRAMES, reserveFrames / 2);
        this.crumbFrames = slackFrames / 2;
    }

    /** Counts what an earlier process left and makes the summary anew. */
    void recover() {
        memory.recover();
        long used = 0;
        long free = 0;
        for (int chunk = 0; chunk < memory.chunksInPlay(); chunk++) {
            long freeBits = chunks.free(chunk);
            used += Long.bitCount(chunks.populated(chunk) & ~freeBits);
            free += Long.bitCount(freeBits);
            chunks.recover(chunk);
        }
        freeFrames.set(free);
        budget.recovered(used);
    }

    /** Fills the reserve on the calling thread, before there is a refiller; as far as the address range has room. */
    void fill() {
        int errno = 0;
        while (errno != HOPELESS && usableFrames() < target()) {
            errno = populateUsable();
            if (errno > 0) {
                throw SharedMemoryException.of(
                        "cannot fill the arena's reserve of " + (reserveFrames << FRAME_SHIFT) + " bytes", errno);
            }
        }
    }

    void servedBy(Thread thread) {
        refiller = thread;
    }

    /** Frames were taken out of the reserve by an allocating thread. */
    void taken(int count) {
        long left = freeFrames.addAndGet(-count);
        if (left < leastFree.getOpaque()) {
            leastFree.setOpaque(left);
        }
        if ((usableFrames() < reserveFrames - reserveFrames / 4 && isLow()) || lacksCrumbs()) {
            wake();
        }
    }

    /** Frames came back into the reserve. */
    void given(int count) {
        freeFrames.addAndGet(count);
    }

    /** An allocating thread found no run of {@code count} free frames. */
    void demand(int count) {
        demandedRun = count;
        wake();
    }

    /** Whether nobody should wait for a run of {@code count} frames: there is no room for it, whatever memory there is. */
    boolean isHopeless(int count) {
        return (hopelessRuns & bit(count)) != 0;
    }

    /** Whether the kernel has just refused memory. */
    boolean isBackingOff() {
        return backingOff;
    }

    /** A thread has waited for memory as long as it may. */
    void waitedInVain() {
        exhausted = true;
    }

    /** Whether it is not worth waiting for memory: another thread has, in vain, and none has come since. */
    boolean isExhausted() {
        return exhausted;
    }

    private static long bit(int run) {
        return 1L << (run - 1);
    }

    void wake() {
        if (parked) {
            LockSupport.unpark(refiller);
        }
    }

    void stop() {
        stopped = true;
        LockSupport.unpark(refiller);
    }

    @Override
    public void run() {
        while (!stopped) {
            if (!step()) {
                park();
            }
        }
    }

    private void park() {
        parked = true;
        // Looked at again behind the flag: who changed it before did not see the flag.
        if (demandedRun == 0 && !isLow() && !lacksCrumbs() && !stopped) {
            LockSupport.parkNanos(this, windowNanos);
        }
        parked = false;
    }

    private boolean isLow() {
        long target = target();
        return usableFrames() < target - target / 4 && !isHopeless(1);
    }

    /** Whether single frames will soon break quarters, though they need not. */
    private boolean lacksCrumbs() {
        return hasHoles && crumbs() < Math.min(crumbFrames, target()) / 4;
    }

    /** Whether less than half is there of what should be. */
    boolean isShort() {
        return usableFrames() < target() / 2;
    }

    /** The frames that the reserve should hold: at most as many as may still be handed out within the limit. */
    private long target() {
        return Math.min(reserveFrames, budget.framesLeft());
    }

    private long usableFrames() {
        return isHopeless(QUARTER_FRAMES) ? freeFrames.get() : chunks.freeQuarterFrames();
    }

    private long crumbs() {
        return freeFrames.get() - chunks.freeQuarterFrames();
    }

    /** Populates a part of a chunk or looks at one to give back; false if there is nothing to do. */
    private boolean step() {
        lookAnew();
        int run = demandedRun;
        if (run != 0) {
            demandedRun = 0;
            if (hasFreshRun(run) || orBackOff(populateRun(run))) {
                return true;
            }
        }
        long target = target();
        if (usableFrames() < target && orBackOff(populateUsable())) {
            return true;
        }
        if (hasHoles && crumbs() < Math.min(crumbFrames, target) && orBackOff(populateCrumbs())) {
            return true;
        }
        long kept = target + Math.min(crumbs(), crumbFrames);
        if (surplus == 0) {
            lookBack(freeFrames.get(), kept);
        }
        surplus = Math.max(0, Math.min(surplus, freeFrames.get() - kept));
        if (surplus > 0) {
            sweepNext(target);
        }
        return surplus > 0;
    }

    /** Looks at all chunks again, once in a window, because frames freed by other threads make room in chunks that had none. */
    private void lookAnew() {
        long now = System.nanoTime();
        if (now - looked >= windowNanos) {
            looked = now;
            for (int chunk = 0; chunk < memory.chunksInPlay(); chunk++) {
                chunks.restore(chunk);
            }
            quartersFrom = 0;
            crumbsFrom = 0;
            for (long bits = hopelessRuns; bits != 0; bits &= bits - 1) {
                if (findRoom(Long.numberOfTrailingZeros(bits) + 1) >= 0) {
                    hopelessRuns = hopelessRuns & ~Long.lowestOneBit(bits);
                }
            }
        }
    }

    /** Ends a window, if it is over. */
    private void lookBack(long free, long kept) {
        long now = System.nanoTime();
        if (now - windowBegan < windowNanos) {
            return;
        }
        long least = Math.min(free, leastFree.getOpaque());
        surplus = least > kept + slackFrames ? least - kept : 0;
        sweepAt = 0;
        sweepQuarters = true;
        windowBegan = now;
        leastFree.setOpaque(free);
    }

    /** Whether the chunk populated last still serves a thread that waits: it may not have looked yet. */
    private boolean hasFreshRun(int run) {
        return freshChunk >= 0 && ChunkTable.hasRun(chunks.free(freshChunk), run);
    }

    /** Whether it is worth going on at once: something was populated, or may be after the pause that this makes. */
    private boolean orBackOff(int errno) {
        if (errno > 0) {
            populateFailures.incrementAndGet();
            backingOff = true;
            LockSupport.parkNanos(this, BACK_OFF_NANOS);
            backingOff = false;
        }
        return errno != HOPELESS;
    }

    /** Populates what makes the reserve larger; 0, the errno, or {@link #HOPELESS}. */
    private int populateUsable() {
        int errno = isHopeless(QUARTER_FRAMES) ? HOPELESS : populateRun(QUARTER_FRAMES);
        return errno == HOPELESS && freeFrames.get() < target() ? populateRun(1) : errno;
    }

    /** Populates the lowest chunk that gains room for {@code run} free frames by it; 0, the errno, or {@link #HOPELESS}. */
    private int populateRun(int run) {
        if (run <= QUARTER_FRAMES && !isHopeless(QUARTER_FRAMES)) {
            int errno = populateQuarters();
            if (errno != HOPELESS || run == QUARTER_FRAMES) {
                return errno;
            }
        }
        int chunk = findRoom(run);
        if (chunk < 0) {
            hopelessRuns = hopelessRuns | bit(run);
            return HOPELESS;
        }
        return populate(chunk, chunk < memory.chunksInPlay() ? ~chunks.populated(chunk) : -1L);
    }

    private int populateQuarters() {
        int chunk = quartersFrom;
        while (chunk < memory.chunksInPlay() && missingOfQuarters(chunk) == 0) {
            chunk++;
        }
        quartersFrom = chunk;
        if (chunk >= memory.chunks()) {
            hopelessRuns = hopelessRuns | bit(QUARTER_FRAMES);
            return HOPELESS;
        }
        return populate(chunk, chunk < memory.chunksInPlay() ? missingOfQuarters(chunk) : -1L);
    }

    private int populateCrumbs() {
        while (crumbsFrom < memory.chunksInPlay()) {
            long missing = ~chunks.populated(crumbsFrom) & ~missingOfQuarters(crumbsFrom);
            if (missing != 0) {
                return populate(crumbsFrom, missing);
            }
            crumbsFrom++;
        }
        hasHoles = false;
        return HOPELESS;
    }

    /** The frames that are not populated in quarters that would be free as a whole. */
    private long missingOfQuarters(int chunk) {
        long missing = ~chunks.populated(chunk);
        return missing & ChunkTable.wholeQuarters(missing | chunks.free(chunk));
    }

    /** The lowest chunk that gains a run of {@code run} free frames when all of it is populated, or -1. */
    private int findRoom(int run) {
        while (framesFrom < memory.chunksInPlay() && chunks.populated(framesFrom) == -1L) {
            framesFrom++;
        }
        int chunk = framesFrom;
        while (chunk < memory.chunksInPlay() && !gains(chunk, run)) {
            chunk++;
        }
        return chunk < memory.chunks() ? chunk : -1;
    }

    private boolean gains(int chunk, int run) {
        long missing = ~chunks.populated(chunk);
        return missing != 0 && ChunkTable.hasRun(missing | chunks.free(chunk), run);
    }

    /** Populates frames of a chunk that are not; 0 or the errno. */
    private int populate(int chunk, long missing) {
        // What has a tag is there, even if the bit that says so was lost.
        long held = chunk < memory.chunksInPlay() ? missing & chunks.tagged(chunk) : 0;
        if (held != 0) {
            chunks.addPopulated(chunk, held);
        }
        long fresh = missing & ~held;
        int errno = memory.populate(chunk, fresh);
        if (errno != 0) {
            return errno;
        }
        freeFrames.addAndGet(Long.bitCount(fresh));
        chunks.addPopulated(chunk, fresh);
        chunks.release(chunk, fresh);
        chunksPopulated.incrementAndGet();
        exhausted = false;
        freshChunk = chunk;
        return 0;
    }

    /**
     * Gives back what the next chunk has free, going down from the highest: in a first sweep crumbs, which are good for single
     * frames only, in a second one what is more than {@code target} of quarters.
     */
    private void sweepNext(long target) {
        if (sweepAt == 0) {
            sweepAt = memory.chunksInPlay();
            sweepQuarters = !sweepQuarters;
        }
        int chunk = --sweepAt;
        long free = chunks.free(chunk);
        long quarters = ChunkTable.wholeQuarters(free);
        long spare = sweepQuarters ? chunks.freeQuarterFrames() - target : crumbs() - crumbFrames;
        int most = (int) Math.max(0, Math.min(Math.min(surplus, spare), CHUNK_FRAMES));
        long taken = sweepQuarters
                ? chunks.takeUpTo(chunk, quarters, most & -QUARTER_FRAMES)
                : chunks.takeUpTo(chunk, free & ~quarters, most);
        if (taken != 0) {
            giveBack(chunk, taken);
        }
        if (sweepAt == 0 && sweepQuarters) {
            surplus = 0;
        }
    }

    private void giveBack(int chunk, long frames) {
        freeFrames.addAndGet(-Long.bitCount(frames));
        surplus -= Long.bitCount(frames);
        // In this order a kill in between leaves memory that is held but counted as not populated, never the reverse.
        chunks.removePopulated(chunk, frames);
        memory.giveBack(chunk, frames);
        framesGivenBack.addAndGet(Long.bitCount(frames));
        framesFrom = Math.min(framesFrom, chunk);
        quartersFrom = Math.min(quartersFrom, chunk);
        crumbsFrom = Math.min(crumbsFrom, chunk);
        hasHoles = true;
        if (chunks.populated(chunk) == 0) {
            chunksGivenBack.incrementAndGet();
            memory.giveBackWords(chunk);
        }
    }

    long freeFrames() {
        return freeFrames.get();
    }

    long populateFailures() {
        return populateFailures.get();
    }

    long framesGivenBack() {
        return framesGivenBack.get();
    }

    long chunksGivenBack() {
        return chunksGivenBack.get();
    }

    long chunksPopulated() {
        return chunksPopulated.get();
    }
}
