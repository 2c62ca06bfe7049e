package io.ramzswap.backing.log;

import io.ramzswap.backing.AlignedMemory;
import io.ramzswap.backing.DiskQueue;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import io.ramzswap.tier.Outcome;

/** Reads single objects, for one thread. */
final class LogReader implements AutoCloseable {
    private static final int PAGE_BYTES = AlignedMemory.PAGE_BYTES;
    /** The longest object begins in one page and ends in the next but one. */
    private static final int MOST_PAGES = 3;

    private final LogStore store;
    private final LogGeometry geometry;
    private final Segments segments;
    private final PageTable table;
    private final DiskQueue queue;
    private final ObjectSeal seal;
    private final AlignedMemory pages = new AlignedMemory(MOST_PAGES);
    private final AlignedMemory object = new AlignedMemory(1);
    private int pinned = Segments.NONE;

    LogReader(LogStore store, LogGeometry geometry, Segments segments, DiskQueue queue, ObjectSeal seal) {
        this.store = store;
        this.geometry = geometry;
        this.segments = segments;
        this.table = store.table();
        this.queue = queue;
        this.seal = seal;
    }

    /** Reads what the slot's word says into {@link #object}. The segment is pinned until {@link #done}. */
    Outcome read(long word, int slot) {
        if (!store.contains(word)) {
            return Outcome.CORRUPT;
        }
        long place = PageWord.location(word);
        pinned = geometry.segmentOf(place);
        segments.pin(pinned);
        if (table.get(slot) != word) {
            return Outcome.OVERTAKEN;
        }
        int length = PageWord.length(word);
        int skip = (int) place & (PAGE_BYTES - 1);
        int span = (skip + length + seal.overheadBytes() + PAGE_BYTES - 1) & -PAGE_BYTES;
        if (!queue.read(pages, 0, span, place - skip)) {
            return Outcome.FAILED;
        }
        boolean intact =
                seal.open(segments.generation(pinned), geometry.offsetIn(place), slot, pages, skip, length, object);
        return intact ? Outcome.INTACT : Outcome.CORRUPT;
    }

    AlignedMemory object() {
        return object;
    }

    void done() {
        if (pinned != Segments.NONE) {
            segments.unpin(pinned);
            pinned = Segments.NONE;
        }
    }

    @Override
    public void close() {
        seal.close();
        queue.close();
    }
}
