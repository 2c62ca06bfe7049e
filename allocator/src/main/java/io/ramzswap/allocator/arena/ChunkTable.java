package io.ramzswap.allocator.arena;

import static io.ramzswap.allocator.arena.ArenaLayout.CHUNK_FRAMES;
import static io.ramzswap.allocator.arena.ArenaLayout.CHUNK_SHIFT;
import static io.ramzswap.allocator.arena.ArenaLayout.FREE;
import static io.ramzswap.allocator.arena.ArenaLayout.POPULATED;
import static io.ramzswap.allocator.arena.ArenaLayout.RECORD_BYTES;

/**
 * The free and populated bits of all chunks, and the summary that finds a chunk with free frames.
 *
 * <p>Frames are taken by any thread with one compare-and-set on the chunk's free word. Only the refiller changes
 * populated bits, and only of frames that it took or that are not populated: so whoever takes a frame holds a populated
 * one.
 *
 * <p>The summary is a hint that never misses: a bit is cleared by who finds the chunk empty, who then looks at the chunk
 * again; frames are freed before the bit is looked at.
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

    private final SharedMemory memory;
    private final long recordsOffset;
    private final long summaryOffset;
    private final long rootOffset;
    private final int summaryWords;
    private final int rootWords;

    ChunkTable(SharedMemory memory, ArenaLayout layout) {
        this.memory = memory;
        this.recordsOffset = layout.recordsOffset();
        this.summaryOffset = layout.summaryOffset();
        this.rootOffset = layout.rootSummaryOffset();
        this.summaryWords = layout.summaryWords();
        this.rootWords = layout.rootSummaryWords();
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

    /** Takes {@code count} neighbouring frames of the chunk; the first frame's number, or NONE. */
    long take(int chunk, int count) {
        long at = record(chunk) + FREE;
        for (; ; ) {
            long free = memory.getLong(at);
            long starts = runsOf(free, count) & ALIGNED[count];
            if (starts == 0) {
                return NONE;
            }
            int first = Long.numberOfTrailingZeros(starts);
            if (memory.compareAndSetLong(at, free, free & ~mask(first, count))) {
                return ((long) chunk << CHUNK_SHIFT) + first;
            }
        }
    }

    /** Takes all free frames of the chunk but for those beyond {@code most}; returns their bits. */
    long takeUpTo(int chunk, int most) {
        long at = record(chunk) + FREE;
        for (; ; ) {
            long free = memory.getLong(at);
            long taken = free;
            while (Long.bitCount(taken) > most) {
                taken &= taken - 1;
            }
            if (taken == 0 || memory.compareAndSetLong(at, free, free & ~taken)) {
                return taken;
            }
        }
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
                if (free == 0) {
                    markAvailable(chunk);
                }
                return true;
            }
        }
    }

    void addPopulated(int chunk, long frames) {
        memory.setBits(record(chunk) + POPULATED, frames);
    }

    void removePopulated(int chunk, long frames) {
        memory.clearBits(record(chunk) + POPULATED, frames);
    }

    /** The lowest chunk from {@code from} on that may have free frames, or -1. */
    int nextAvailable(int from) {
        long wanted = -1L << from;
        for (int word = from >>> 6; word >= 0 && word < summaryWords; word = nextSummaryWord(word + 1)) {
            long bits = memory.getLong(summary(word)) & wanted;
            if (bits != 0) {
                return (word << 6) + Long.numberOfTrailingZeros(bits);
            }
            wanted = -1L;
        }
        return -1;
    }

    private int nextSummaryWord(int from) {
        for (int root = from >>> 6; root < rootWords; root++) {
            long bits = memory.getLong(rootOffset + (long) root * 8);
            if (root == from >>> 6) {
                bits &= -1L << from;
            }
            if (bits != 0) {
                return (root << 6) + Long.numberOfTrailingZeros(bits);
            }
        }
        return -1;
    }

    void markAvailable(int chunk) {
        int word = chunk >>> 6;
        if (memory.setBits(summary(word), 1L << chunk) == 0) {
            memory.setBits(rootOffset + (long) (word >>> 6) * 8, 1L << word);
        }
    }

    /** Called by who found no free frame in the chunk. */
    void markEmpty(int chunk) {
        int word = chunk >>> 6;
        long before = memory.clearBits(summary(word), 1L << chunk);
        if (before == 1L << chunk) {
            memory.clearBits(rootOffset + (long) (word >>> 6) * 8, 1L << word);
            if (memory.getLong(summary(word)) != 0) {
                memory.setBits(rootOffset + (long) (word >>> 6) * 8, 1L << word);
            }
        }
        if (free(chunk) != 0) {
            markAvailable(chunk);
        }
    }

    private long summary(int word) {
        return summaryOffset + (long) word * 8;
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
