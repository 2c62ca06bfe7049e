package io.ramzswap.allocator.arena;

import static io.ramzswap.allocator.arena.ArenaLayout.CHUNKS_A_RECORD_PAGE;
import static io.ramzswap.allocator.arena.ArenaLayout.CHUNK_BYTES;
import static io.ramzswap.allocator.arena.ArenaLayout.CHUNK_FRAMES;
import static io.ramzswap.allocator.arena.ArenaLayout.FRAME_BYTES;
import static io.ramzswap.allocator.arena.ArenaLayout.FRAME_SHIFT;
import static io.ramzswap.allocator.arena.ArenaLayout.GROUP_CHUNKS;
import static io.ramzswap.allocator.arena.ArenaLayout.WORDS_READY;
import static io.ramzswap.allocator.arena.SharedMemory.PAGE_BYTES;

import io.ramzswap.allocator.libc.Errno;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The populated free frames: keeps as many as were asked for, on a thread of its own.
 *
 * <p>{@link #run} is the refiller: the only place, but for the start, where memory is asked of the kernel or returned to
 * it. What the allocating threads do here is count, and unpark it.
 */
final class Reserve implements Runnable {
    /** How long frames must not have been needed before they are given back: what was swapped in is often swapped out soon. */
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long BACK_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final SharedMemory memory;
    private final ArenaLayout layout;
    private final ArenaHeader header;
    private final ChunkTable chunks;
    private final Budget budget;
    private final long reserveFrames;
    /** How far the reserve may outgrow its size before some is given back. */
    private final long slackFrames;

    private final AtomicLong freeFrames = new AtomicLong();
    /** The least of them since the window began, but for those who set it at the same moment. */
    private final AtomicLong leastFree = new AtomicLong();

    private volatile Thread refiller;
    private volatile boolean parked;
    private volatile boolean stopped;
    /** Frames in a row that a waiting thread needs, or 0. */
    private volatile int demandedRun;

    private final AtomicLong populateFailures = new AtomicLong();
    private final AtomicLong framesGivenBack = new AtomicLong();
    private final AtomicLong chunksGivenBack = new AtomicLong();
    private final AtomicLong chunksPopulated = new AtomicLong();

    // Only the refiller, or the thread that starts the arena before there is one, touches these.
    private int populateFrom;
    private int freshChunk = -1;
    private int chunksInPlay;
    private long windowBegan = System.nanoTime();
    /** What the last window had free all the time, as far as it is still to be given back. */
    private long surplus;

    private int sweepAt;
    private boolean sweepWholeChunks;

    Reserve(
            SharedMemory memory,
            ArenaLayout layout,
            ArenaHeader header,
            ChunkTable chunks,
            Budget budget,
            long reserveFrames) {
        this.memory = memory;
        this.layout = layout;
        this.header = header;
        this.chunks = chunks;
        this.budget = budget;
        this.reserveFrames = reserveFrames;
        this.slackFrames = Math.max(2 * CHUNK_FRAMES, reserveFrames / 2);
    }

    /** Counts what an earlier process left and makes the summary anew. */
    void recover() {
        chunksInPlay = header.populatedRecords();
        long used = 0;
        long free = 0;
        long metadata = layout.recordsOffset() + (long) chunksInPlay / CHUNKS_A_RECORD_PAGE * PAGE_BYTES;
        for (int chunk = 0; chunk < chunksInPlay; chunk++) {
            long populatedBits = chunks.populated(chunk);
            long freeBits = chunks.free(chunk);
            used += Long.bitCount(populatedBits & ~freeBits);
            free += Long.bitCount(freeBits);
            metadata += wordsReady(chunk) ? PAGE_BYTES : 0;
            if (freeBits != 0) {
                chunks.markAvailable(chunk);
            }
        }
        freeFrames.set(free);
        budget.recovered(used);
        budget.addMetadata(metadata);
    }

    private boolean wordsReady(int chunk) {
        return chunk % GROUP_CHUNKS == 0 && memory.getLong(chunks.record(chunk) + WORDS_READY) != 0;
    }

    /** Fills the reserve on the calling thread, before there is a refiller. */
    void fill() {
        while (freeFrames.get() < target()) {
            int errno = populateNext(1);
            if (errno != 0) {
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
        if (left < reserveFrames - reserveFrames / 4) {
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
        if (demandedRun == 0 && !isLow() && !stopped) {
            LockSupport.parkNanos(this, WINDOW_NANOS);
        }
        parked = false;
    }

    private boolean isLow() {
        long target = target();
        return freeFrames.get() < target - target / 4;
    }

    /** Whether less than half is there of what should be. */
    boolean isShort() {
        return freeFrames.get() < target() / 2;
    }

    /** What the reserve should hold: no more than the limit still lets be handed out. */
    private long target() {
        return Math.min(reserveFrames, budget.framesLeft());
    }

    /** Populates one chunk or looks at one to give back; false if there is nothing to do. */
    private boolean step() {
        int run = demandedRun;
        if (run != 0) {
            demandedRun = 0;
            return hasFreshRun(run) || populateOrBackOff(run);
        }
        long target = target();
        long free = freeFrames.get();
        if (free < target) {
            return populateOrBackOff(1);
        }
        if (surplus == 0) {
            lookBack(free, target);
        }
        surplus = Math.min(surplus, free - target);
        if (surplus > 0) {
            sweepNext();
        }
        return surplus > 0;
    }

    /** Ends a window, if it is over. */
    private void lookBack(long free, long target) {
        long now = System.nanoTime();
        if (now - windowBegan < WINDOW_NANOS) {
            return;
        }
        long least = Math.min(free, leastFree.getOpaque());
        surplus = least > target + slackFrames ? least - target : 0;
        windowBegan = now;
        leastFree.setOpaque(free);
    }

    /** Whether the chunk populated last still serves a thread that waits: it may not have looked yet. */
    private boolean hasFreshRun(int run) {
        return freshChunk >= 0 && ChunkTable.hasRun(chunks.free(freshChunk), run);
    }

    private boolean populateOrBackOff(int run) {
        if (populateNext(run) != 0) {
            populateFailures.incrementAndGet();
            LockSupport.parkNanos(this, BACK_OFF_NANOS);
        }
        return true;
    }

    /** Populates the lowest chunk that gains a run of {@code run} free frames by it; 0 or the errno. */
    private int populateNext(int run) {
        int chunk = populateFrom;
        while (chunk < chunksInPlay && !gains(chunk, run)) {
            chunk++;
        }
        if (chunk >= layout.chunks()) {
            return Errno.ENOMEM;
        }
        if (run == 1) {
            populateFrom = chunk;
        }
        int errno = prepare(chunk);
        return errno != 0 ? errno : populate(chunk);
    }

    private boolean gains(int chunk, int run) {
        long missing = ~chunks.populated(chunk);
        return missing != 0 && ChunkTable.hasRun(missing | chunks.free(chunk), run);
    }

    private int populate(int chunk) {
        long fresh = ~chunks.populated(chunk);
        int errno = memory.populate(layout.framesOffset() + chunk * CHUNK_BYTES, CHUNK_BYTES);
        if (errno != 0) {
            punch(chunk, fresh);
            return errno;
        }
        freeFrames.addAndGet(Long.bitCount(fresh));
        chunks.addPopulated(chunk, fresh);
        chunks.release(chunk, fresh);
        chunksPopulated.incrementAndGet();
        freshChunk = chunk;
        return 0;
    }

    /** Makes sure that the chunk's record and the words of its frames are populated. */
    private int prepare(int chunk) {
        while (chunk >= chunksInPlay) {
            int errno = memory.populate(chunks.record(chunksInPlay), PAGE_BYTES);
            if (errno != 0) {
                return errno;
            }
            chunksInPlay = Math.min(chunksInPlay + CHUNKS_A_RECORD_PAGE, layout.chunks());
            header.setPopulatedRecords(chunksInPlay);
            budget.addMetadata(PAGE_BYTES);
        }
        int group = chunk / GROUP_CHUNKS;
        long ready = chunks.record(group * GROUP_CHUNKS) + WORDS_READY;
        if (memory.getLong(ready) == 0) {
            int errno = memory.populate(words(group), PAGE_BYTES);
            if (errno != 0) {
                return errno;
            }
            memory.putLong(ready, 1);
            budget.addMetadata(PAGE_BYTES);
        }
        return 0;
    }

    private long words(int group) {
        return layout.wordsOffset() + (long) group * PAGE_BYTES;
    }

    /**
     * Gives back what the next chunk has free, going down from the highest: in a first sweep only from chunks that are
     * wholly free, in a second one from all.
     */
    private void sweepNext() {
        if (sweepAt == 0) {
            sweepAt = chunksInPlay;
            sweepWholeChunks = !sweepWholeChunks;
        }
        int chunk = --sweepAt;
        long free = chunks.free(chunk);
        long populated = chunks.populated(chunk);
        if (free != 0 && (free == populated || !sweepWholeChunks)) {
            giveBack(chunk, chunks.takeUpTo(chunk, (int) Math.min(surplus, CHUNK_FRAMES)));
        }
    }

    private void giveBack(int chunk, long frames) {
        freeFrames.addAndGet(-Long.bitCount(frames));
        surplus -= Long.bitCount(frames);
        // In this order a kill in between leaves memory that is held but counted as not populated, never the reverse.
        chunks.removePopulated(chunk, frames);
        punch(chunk, frames);
        framesGivenBack.addAndGet(Long.bitCount(frames));
        populateFrom = Math.min(populateFrom, chunk);
        if (chunks.populated(chunk) == 0) {
            chunksGivenBack.incrementAndGet();
            giveBackWords(chunk / GROUP_CHUNKS);
        }
    }

    private void punch(int chunk, long frames) {
        long base = layout.framesOffset() + chunk * CHUNK_BYTES;
        for (long left = frames; left != 0; ) {
            int first = Long.numberOfTrailingZeros(left);
            int count = Long.numberOfTrailingZeros(~(left >>> first));
            memory.giveBack(base + (long) first * FRAME_BYTES, (long) count * FRAME_BYTES);
            left &= ~ChunkTable.mask(first, count);
        }
    }

    private void giveBackWords(int group) {
        int first = group * GROUP_CHUNKS;
        for (int chunk = first; chunk < Math.min(first + GROUP_CHUNKS, layout.chunks()); chunk++) {
            if (chunks.populated(chunk) != 0) {
                return;
            }
        }
        memory.putLong(chunks.record(first) + WORDS_READY, 0);
        memory.giveBack(words(group), PAGE_BYTES);
        budget.addMetadata(-PAGE_BYTES);
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
