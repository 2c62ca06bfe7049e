package io.ramzswap.allocator.arena;

import static io.ramzswap.allocator.arena.ArenaLayout.CHUNK_FRAMES;
import static io.ramzswap.allocator.arena.ArenaLayout.CHUNK_SHIFT;
import static io.ramzswap.allocator.arena.ArenaLayout.FREE;
import static io.ramzswap.allocator.arena.ArenaLayout.POPULATED;
import static io.ramzswap.allocator.arena.ArenaLayout.QUARTER_FRAMES;
import static io.ramzswap.allocator.arena.ArenaLayout.RECORD_BYTES;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The free and populated bits of all chunks, and the summaries that find a chunk with free frames.
 *
 * <p>Frames are taken by any thread with one compare-and-set on the chunk's free word. Only the refiller changes
 * populated bits, and only of frames that it took or that are not populated: so whoever takes a frame holds a populated
 * one.
 *
 * <p>A frame that has a word or a tag is somebody's, whatever its free bit says: taking it clears that bit, which was damaged,
 * and looks on. The same is so of one that is not populated. What damage hides from the summaries is found again by {@link
 * #restore}.
 *
 * <p>A free frame lies either in a quarter that is free as a whole or among frames that are not free: then it is one of the
 * chunk's <b>crumbs</b>. What is shorter than a quarter is taken of crumbs as long as there are any, so that quarters stay
 * whole for who needs all of one.
 */
final class ChunkTable {
    static final long NONE = -1;

    /** By length of a run: where it may start. Runs of a power of two start at a multiple of it. */
    private static final long[] ALIGNED = new long[CHUNK_FRAMES + 1];

    static {
        for (int count = 1; count <= CHUNK_FRAMES; count++) {
            int step = Integer.bitCount(count) == 1 ? count : 1;
            for (int start = 0; start + count <= CHUNK_FRAMES; start += step) {
                ALIGNED[count] |= 1L << start;
            }
        }
    }

    private static final long QUARTER_MASK = 0xFFFF;
    private static final long QUARTER_STARTS = 0x0001_0001_0001_0001L;

    private final SharedMemory memory;
    private final long recordsOffset;
    private final ChunkSummary haveQuarters;
    private final ChunkSummary haveCrumbs;
    private final Frames frames;
    private final AtomicLong freeQuarters = new AtomicLong();
    private final AtomicLong damages = new AtomicLong();

    ChunkTable(SharedMemory memory, ArenaLayout layout, Frames frames) {
        this.frames = frames;
        this.memory = memory;
        this.recordsOffset = layout.recordsOffset();
        this.haveQuarters = new ChunkSummary(memory, layout, layout.quarterSummaryOffset());
        this.haveCrumbs = new ChunkSummary(memory, layout, layout.crumbSummaryOffset());
    }

    /** Counts and summarizes a chunk that an earlier process left. */
    void recover(int chunk) {
        changed(chunk, 0, free(chunk));
    }

    /** Has a chunk found that has free frames, and forgets free frames that are not populated. */
    void restore(int chunk) {
        long free = free(chunk);
        long impossible = free & ~populated(chunk);
        if (impossible != 0) {
            damages.incrementAndGet();
            memory.clearBits(record(chunk) + FREE, impossible);
        }
        if (wholeQuarters(free) != 0) {
            haveQuarters.restore(chunk);
        }
        if (crumbs(free) != 0) {
            haveCrumbs.restore(chunk);
        }
    }

    /** The frames of a chunk that are certainly in use. */
    long tagged(int chunk) {
        return frames.tagged(chunk);
    }

    long damages() {
        return damages.get();
    }

    long record(int chunk) {
        return recordsOffset + (long) chunk * RECORD_BYTES;
    }

    long free(int chunk) {
        return memory.getLong(record(chunk) + FREE);
    }

    long populated(int chunk) {
        return memory.getLong(record(chunk) + POPULATED);
    }

    /** Frames in quarters that are free as a whole, as of some moment for each. */
    long freeQuarterFrames() {
        return freeQuarters.get() * QUARTER_FRAMES;
    }

    /** Takes {@code count} neighbouring frames; the first one's number, or NONE. */
    long take(int count) {
        if (count == QUARTER_FRAMES) {
            return takeOfQuarters(count);
        }
        long frame = count < QUARTER_FRAMES ? takeOfCrumbs(count) : takeOfQuarters(count);
        if (frame != NONE) {
            return frame;
        }
        return count < QUARTER_FRAMES ? takeOfQuarters(count) : takeOfCrumbs(count);
    }

    private long takeOfQuarters(int count) {
        for (int chunk = haveQuarters.next(0); chunk >= 0; chunk = haveQuarters.next(chunk + 1)) {
            long frame = take(chunk, count, -1L);
            if (frame != NONE) {
                return frame;
            }
            if (wholeQuarters(free(chunk)) == 0) {
                haveQuarters.clear(chunk);
                if (wholeQuarters(free(chunk)) != 0) {
                    haveQuarters.mark(chunk);
                }
            }
        }
        return NONE;
    }

    private long takeOfCrumbs(int count) {
        // Beyond a quarter crumbs alone are not enough, but may be with the quarter beside them.
        long quartersToo = count > QUARTER_FRAMES ? -1L : 0;
        for (int chunk = haveCrumbs.next(0); chunk >= 0; chunk = haveCrumbs.next(chunk + 1)) {
            long frame = take(chunk, count, quartersToo);
            if (frame != NONE) {
                return frame;
            }
            if (crumbs(free(chunk)) == 0) {
                haveCrumbs.clear(chunk);
                if (crumbs(free(chunk)) != 0) {
                    haveCrumbs.mark(chunk);
                }
            }
        }
        return NONE;
    }

    /** Takes neighbouring frames that are crumbs, or are in {@code allowed}. */
    private long take(int chunk, int count, long allowed) {
        long at = record(chunk) + FREE;
        for (; ; ) {
            long free = memory.getLong(at);
            long usable = free & populated(chunk);
            long starts = runsOf(crumbs(usable) | (usable & allowed), count) & ALIGNED[count];
            if (starts == 0) {
                return NONE;
            }
            int first = Long.numberOfTrailingZeros(starts);
            long left = free & ~mask(first, count);
            if (memory.compareAndSetLong(at, free, left)) {
                changed(chunk, free, left);
                if (areNobodys(chunk, mask(first, count))) {
                    return ((long) chunk << CHUNK_SHIFT) + first;
                }
            }
        }
    }

    /** Takes those free frames of the chunk that are {@code wanted}, but for those beyond {@code most}; returns their bits. */
    long takeUpTo(int chunk, long wanted, int most) {
        long at = record(chunk) + FREE;
        for (; ; ) {
            long free = memory.getLong(at);
            long taken = free & wanted;
            while (Long.bitCount(taken) > most) {
                taken &= taken - 1;
            }
            if (taken == 0) {
                return 0;
            }
            if (memory.compareAndSetLong(at, free, free & ~taken)) {
                changed(chunk, free, free & ~taken);
                if (areNobodys(chunk, taken)) {
                    return taken;
                }
            }
        }
    }

    /** Whether frames that were taken were free. If not, those that were are so again, and the others are not. */
    private boolean areNobodys(int chunk, long taken) {
        long somebodys = 0;
        for (long left = taken; left != 0; left &= left - 1) {
            int frame = Long.numberOfTrailingZeros(left);
            if (!frames.isNobodys(((long) chunk << CHUNK_SHIFT) + frame)) {
                somebodys |= 1L << frame;
            }
        }
        if (somebodys == 0) {
            return true;
        }
        damages.incrementAndGet();
        release(chunk, taken & ~somebodys);
        return false;
    }

    /** Frees frames of a chunk; false, and nothing changed for others, if one of them was free already. */
    boolean release(int chunk, long frames) {
        long at = record(chunk) + FREE;
        for (; ; ) {
            long free = memory.getLong(at);
            if ((free & frames) != 0 || (memory.getLong(record(chunk) + POPULATED) & frames) != frames) {
                return false;
            }
            if (memory.compareAndSetLong(at, free, free | frames)) {
                changed(chunk, free, free | frames);
                return true;
            }
        }
    }

    /** Keeps count and summaries, once a chunk's free frames have changed. */
    private void changed(int chunk, long freeBefore, long freeNow) {
        long before = wholeQuarters(freeBefore);
        long now = wholeQuarters(freeNow);
        if (before != now) {
            freeQuarters.addAndGet((Long.bitCount(now) - Long.bitCount(before)) / QUARTER_FRAMES);
            if (before == 0) {
                haveQuarters.mark(chunk);
            }
        }
        if (freeBefore == before && freeNow != now) {
            haveCrumbs.mark(chunk);
        }
    }

    void addPopulated(int chunk, long frames) {
        memory.setBits(record(chunk) + POPULATED, frames);
    }

    void removePopulated(int chunk, long frames) {
        memory.clearBits(record(chunk) + POPULATED, frames);
    }

    /** The part of {@code frames} that makes up whole quarters. */
    static long wholeQuarters(long frames) {
        long starts = frames & (frames >>> 8);
        starts &= starts >>> 4;
        starts &= starts >>> 2;
        starts &= starts >>> 1;
        return (starts & QUARTER_STARTS) * QUARTER_MASK;
    }

    /** The others. */
    static long crumbs(long frames) {
        return frames & ~wholeQuarters(frames);
    }

    /** Whether a run of {@code count} can be taken out of the frames {@code free}. */
    static boolean hasRun(long free, int count) {
        return (runsOf(free, count) & ALIGNED[count]) != 0;
    }

    /** Bit i is set where bits i to i + count - 1 of {@code free} are. */
    private static long runsOf(long free, int count) {
        long starts = free;
        for (int have = 1; have < count && starts != 0; ) {
            int shift = Math.min(have, count - have);
            starts &= starts >>> shift;
            have += shift;
        }
        return starts;
    }

    static long mask(int first, int count) {
        return (count == CHUNK_FRAMES ? -1L : (1L << count) - 1) << first;
    }
}
