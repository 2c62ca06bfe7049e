package io.ramzswap.allocator.arena;

import static io.ramzswap.allocator.arena.ArenaLayout.WORD_BYTES;

/**
 * Finds the lowest chunk that has something: one bit a chunk, and above it one bit a word of those.
 *
 * <p>It is a hint that never misses: a bit is cleared by who finds that the chunk lacks it, who then looks at the chunk
 * again; what a chunk has is changed before the bit is looked at.
 */
final class ChunkSummary {
    private final SharedMemory memory;
    private final long wordsOffset;
    private final long rootOffset;
    private final int chunks;
    private final int words;
    private final int rootWords;

    /** The one that begins at {@code offset}. */
    ChunkSummary(SharedMemory memory, ArenaLayout layout, long offset) {
        this.memory = memory;
        this.chunks = layout.chunks();
        this.words = layout.summaryWords();
        this.rootWords = layout.rootSummaryWords();
        this.wordsOffset = offset;
        this.rootOffset = offset + (long) words * WORD_BYTES;
    }

    /** The lowest chunk from {@code from} on that is marked, or -1. */
    int next(int from) {
        long wanted = -1L << from;
        for (int word = from >>> 6; word >= 0 && word < words; word = nextWord(word + 1)) {
            long bits = memory.getLong(at(word)) & wanted;
            if (bits != 0) {
                int chunk = (word << 6) + Long.numberOfTrailingZeros(bits);
                // A bit behind the last chunk's is damage.
                return chunk < chunks ? chunk : -1;
            }
            wanted = -1L;
        }
        return -1;
    }

    private int nextWord(int from) {
        for (int root = from >>> 6; root < rootWords; root++) {
            long bits = memory.getLong(rootAt(root));
            if (root == from >>> 6) {
                bits &= -1L << from;
            }
            if (bits != 0) {
                return (root << 6) + Long.numberOfTrailingZeros(bits);
            }
        }
        return -1;
    }

    /** {@link #mark}, also where a bit of either level was lost. */
    void restore(int chunk) {
        int word = chunk >>> 6;
        if ((memory.getLong(at(word)) & 1L << chunk) == 0) {
            memory.setBits(at(word), 1L << chunk);
        }
        if ((memory.getLong(rootAt(word >>> 6)) & 1L << word) == 0) {
            memory.setBits(rootAt(word >>> 6), 1L << word);
        }
    }

    void mark(int chunk) {
        int word = chunk >>> 6;
        if (memory.setBits(at(word), 1L << chunk) == 0) {
            memory.setBits(rootAt(word >>> 6), 1L << word);
        }
    }

    /** Called by who found that the chunk lacks it, and who looks again afterwards. */
    void clear(int chunk) {
        int word = chunk >>> 6;
        long before = memory.clearBits(at(word), 1L << chunk);
        if (before == 1L << chunk) {
            memory.clearBits(rootAt(word >>> 6), 1L << word);
            if (memory.getLong(at(word)) != 0) {
                memory.setBits(rootAt(word >>> 6), 1L << word);
            }
        }
    }

    private long at(int word) {
        return wordsOffset + (long) word * WORD_BYTES;
    }

    private long rootAt(int root) {
        return rootOffset + (long) root * WORD_BYTES;
    }
}
