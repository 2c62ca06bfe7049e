package io.ramzswap.allocator.arena;

import static io.ramzswap.allocator.arena.ArenaLayout.CHUNKS_A_RECORD_PAGE;
import static io.ramzswap.allocator.arena.ArenaLayout.CHUNK_BYTES;
import static io.ramzswap.allocator.arena.ArenaLayout.FRAME_BYTES;
import static io.ramzswap.allocator.arena.ArenaLayout.GROUP_CHUNKS;
import static io.ramzswap.allocator.arena.ArenaLayout.WORDS_READY;
import static io.ramzswap.allocator.arena.SharedMemory.PAGE_BYTES;

/**
 * The kernel's memory behind the chunks: their frames, and what the arena notes of them, which is populated before the first of
 * a chunk's frames and counted as metadata.
 *
 * <p>For the refiller, or the thread that starts the arena before there is one.
 */
final class ChunkMemory {
    private final SharedMemory memory;
    private final ArenaLayout layout;
    private final ArenaHeader header;
    private final ChunkTable table;
    private final Budget budget;

    private volatile int chunksInPlay;

    ChunkMemory(SharedMemory memory, ArenaLayout layout, ArenaHeader header, ChunkTable table, Budget budget) {
        this.memory = memory;
        this.layout = layout;
        this.header = header;
        this.table = table;
        this.budget = budget;
    }

    /** Takes over and counts the notes that an earlier process left. */
    void recover() {
        chunksInPlay = header.populatedRecords();
        long metadata = layout.recordsOffset() + recordPages(chunksInPlay) * PAGE_BYTES;
        for (int chunk = 0; chunk < chunksInPlay; chunk += GROUP_CHUNKS) {
            metadata += memory.getLong(wordsReady(chunk)) != 0 ? PAGE_BYTES : 0;
        }
        budget.addMetadata(metadata);
    }

    /** The capacity may end within a page of records. */
    private static long recordPages(int chunks) {
        return ((long) chunks + CHUNKS_A_RECORD_PAGE - 1) / CHUNKS_A_RECORD_PAGE;
    }

    /** The number of chunks that there is room for. */
    int chunks() {
        return layout.chunks();
    }

    /** The chunks below this have records: of those from here on nothing is populated. From any thread. */
    int chunksInPlay() {
        return chunksInPlay;
    }

    /** Populates frames of a chunk that are not, and what is noted of them first. Answers 0, or the errno: then they still are not. */
    int populate(int chunk, long frames) {
        int errno = prepare(chunk);
        for (long left = frames; left != 0 && errno == 0; left &= ~firstRun(left)) {
            errno = memory.populate(offset(chunk, left), bytes(firstRun(left)));
        }
        if (errno != 0) {
            giveBack(chunk, frames);
        }
        return errno;
    }

    /** Makes sure that the chunk's record and the words of its frames are populated. */
    private int prepare(int chunk) {
        while (chunk >= chunksInPlay) {
            int errno = memory.populate(table.record(chunksInPlay), PAGE_BYTES);
            if (errno != 0) {
                return errno;
            }
            chunksInPlay = Math.min(chunksInPlay + CHUNKS_A_RECORD_PAGE, layout.chunks());
            header.setPopulatedRecords(chunksInPlay);
            budget.addMetadata(PAGE_BYTES);
        }
        if (memory.getLong(wordsReady(chunk)) == 0) {
            int errno = memory.populate(words(chunk), PAGE_BYTES);
            if (errno != 0) {
                return errno;
            }
            memory.putLong(wordsReady(chunk), 1);
            budget.addMetadata(PAGE_BYTES);
        }
        return 0;
    }

    /** Returns frames of a chunk to the kernel. */
    void giveBack(int chunk, long frames) {
        for (long left = frames; left != 0; left &= ~firstRun(left)) {
            memory.giveBack(offset(chunk, left), bytes(firstRun(left)));
        }
    }

    /** Returns the words of the chunk's frames to the kernel, unless they are on a page with those of frames that are populated. */
    void giveBackWords(int chunk) {
        int first = groupOf(chunk);
        for (int other = first; other < Math.min(first + GROUP_CHUNKS, layout.chunks()); other++) {
            if (table.populated(other) != 0 || (other < chunksInPlay && table.tagged(other) != 0)) {
                return;
            }
        }
        memory.putLong(wordsReady(chunk), 0);
        memory.giveBack(words(chunk), PAGE_BYTES);
        budget.addMetadata(-PAGE_BYTES);
    }

    /** The first of the chunks whose frames have their words on one page. */
    private static int groupOf(int chunk) {
        return chunk - chunk % GROUP_CHUNKS;
    }

    /** The offset of the byte that says whether the chunk's frames have words. */
    private long wordsReady(int chunk) {
        return table.record(groupOf(chunk)) + WORDS_READY;
    }

    /** The offset of the page with the words of the chunk's frames. */
    private long words(int chunk) {
        return layout.wordsOffset() + (long) (chunk / GROUP_CHUNKS) * PAGE_BYTES;
    }

    /** The lowest neighbouring ones of {@code frames}. */
    private static long firstRun(long frames) {
        int first = Long.numberOfTrailingZeros(frames);
        return ChunkTable.mask(first, Long.numberOfTrailingZeros(~(frames >>> first)));
    }

    /** The offset of the lowest of {@code frames}. */
    private long offset(int chunk, long frames) {
        return layout.framesOffset() + chunk * CHUNK_BYTES + (long) Long.numberOfTrailingZeros(frames) * FRAME_BYTES;
    }

    private static long bytes(long frames) {
        return (long) Long.bitCount(frames) * FRAME_BYTES;
    }
}
