package io.ramzswap.allocator.arena;

import static io.ramzswap.allocator.arena.SharedMemory.PAGE_BYTES;

/**
 * The places of an arena's parts in its memory. All of them follow from the capacity.
 *
 * <pre>
 *  offset 0                header        one page, see ArenaHeader
 *  quarterSummaryOffset    summary       1 bit a chunk: it has a quarter that is free as a whole; then 1 bit a word of that
 *  crumbSummaryOffset      summary       the same for free frames beside those
 *  recordsOffset           records       128 bytes a chunk, populated as chunks are
 *  wordsOffset             frame words   8 bytes a frame, one page for 8 chunks, populated with the first of them
 *  framesOffset            frames        4 KiB each, 64 to a chunk
 *
 *  chunk record    0    8          16           24        64            128
 *                  +----+----------+------------+---------+-------------+
 *                  |free| populated|words ready | unused  | frame tags  |
 *                  +----+----------+------------+---------+-------------+
 *  free, populated  one bit a frame; free implies populated
 *  words ready      in the first chunk of 8: 1 if their page of frame words is populated
 *  frame tags       one byte a frame: who holds it, 0 for nobody (FrameTag)
 * </pre>
 *
 * <p>A chunk is 64 frames, 256 KiB: its state is one word and changes by one atomic instruction, and populating it takes
 * the kernel some 50 µs. Its quarters are the longest runs that allocators fill with objects; the rest of what is free is
 * good for single frames alone.
 */
record ArenaLayout(long capacityBytes) {
    static final int FRAME_BYTES = SharedMemory.PAGE_BYTES;
    static final int FRAME_SHIFT = 12;
    static final int CHUNK_FRAMES = 64;
    static final int CHUNK_SHIFT = 6;
    static final int QUARTER_FRAMES = CHUNK_FRAMES / 4;
    static final long CHUNK_BYTES = (long) CHUNK_FRAMES * FRAME_BYTES;
    static final int RECORD_BYTES = 128;
    static final int CHUNKS_A_RECORD_PAGE = PAGE_BYTES / RECORD_BYTES;
    static final int WORD_BYTES = 8;
    /** Chunks whose frame words share a page. */
    static final int GROUP_CHUNKS = PAGE_BYTES / (CHUNK_FRAMES * WORD_BYTES);

    static final int FREE = 0;
    static final int POPULATED = 8;
    static final int WORDS_READY = 16;
    static final int TAGS = 64;

    ArenaLayout {
        capacityBytes = (capacityBytes + CHUNK_BYTES - 1) & -CHUNK_BYTES;
    }

    int chunks() {
        return Math.toIntExact(capacityBytes / CHUNK_BYTES);
    }

    int summaryWords() {
        return (chunks() + 63) >>> 6;
    }

    int rootSummaryWords() {
        return (summaryWords() + 63) >>> 6;
    }

    private long summaryBytes() {
        return ((long) summaryWords() + rootSummaryWords()) * WORD_BYTES;
    }

    long quarterSummaryOffset() {
        return PAGE_BYTES;
    }

    long crumbSummaryOffset() {
        return quarterSummaryOffset() + summaryBytes();
    }

    long recordsOffset() {
        return pages(crumbSummaryOffset() + summaryBytes());
    }

    long wordsOffset() {
        return pages(recordsOffset() + (long) chunks() * RECORD_BYTES);
    }

    long framesOffset() {
        long words = (long) chunks() * CHUNK_FRAMES * WORD_BYTES;
        return (wordsOffset() + words + CHUNK_BYTES - 1) & -CHUNK_BYTES;
    }

    long totalBytes() {
        return framesOffset() + capacityBytes;
    }

    private static long pages(long offset) {
        return (offset + PAGE_BYTES - 1) & -PAGE_BYTES;
    }
}
