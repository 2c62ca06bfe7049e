package io.ramzswap.device;

import static io.ramzswap.device.DeviceSettings.PAGE_SIZE;

import io.ramzswap.compress.SameFilled;
import io.ramzswap.frontswap.BackendSession;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.Extent;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.table.FillValues;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import io.ramzswap.table.WriteStamps;
import java.nio.ByteBuffer;

/**
 * One connection's reads and writes of a device: the way of a page from the request to the store and back.
 *
 * <p>A write makes the new page first, publishes its word, and frees the old page last, so at every moment the slot holds
 * one whole page. When there is no room even after the old page went, the slot is {@linkplain PageWord#LOST lost} until
 * it is written or freed: an error to read, rather than stale bytes.
 */
final class DeviceSession implements ExportSession {
    private static final int GOOD_COMPRESS_BYTES = PAGE_SIZE / 2;
    /** As far as one answer about extents looks; the next one goes on from there. */
    private static final long MAX_EXTENT_BYTES = 1L << 32;

    private final CounterRegistry registry;
    private final Counters counters;
    private final PageTable table;
    private final WriteStamps stamps;
    private final FillValues fillValues;
    private final BackendSession frontswap;

    DeviceSession(CounterRegistry registry, DeviceTables tables, BackendSession frontswap) {
        this.registry = registry;
        this.counters = registry.open();
        this.table = tables.pageTable();
        this.stamps = tables.stamps();
        this.fillValues = tables.fillValues();
        this.frontswap = frontswap;
    }

    @Override
    public int read(long offset, int length, ByteBuffer destination, int position) {
        int slot = slot(offset);
        for (int done = 0; done < length; done += PAGE_SIZE) {
            counters.add(Counter.NUM_READS, 1);
            if (!readPage(slot++, destination, position + done)) {
                counters.add(Counter.FAILED_READS, 1);
                return NbdError.EIO;
            }
        }
        return NbdError.OK;
    }

    /** Copies out a page without counting that. Returns whether it could be. */
    boolean peek(int slot, ByteBuffer destination) {
        return readPage(slot, destination, 0);
    }

    private boolean readPage(int slot, ByteBuffer destination, int position) {
        long word = table.get(slot);
        return switch (PageWord.state(word)) {
            case PageWord.EMPTY -> fill(destination, position, 0);
            case PageWord.FILLED -> fill(destination, position, fillValue(word));
            case PageWord.LOST -> false;
            default -> loadPage(slot, destination, position);
        };
    }

    private static boolean fill(ByteBuffer destination, int position, long value) {
        SameFilled.fill(destination, position, PAGE_SIZE, value);
        return true;
    }

    /** Under the slot's lock, so that the page is not freed, or moved, while it is copied. */
    private boolean loadPage(int slot, ByteBuffer destination, int position) {
        long word = table.lock(slot);
        try {
            if (PageWord.isInBackend(word)) {
                return verified(frontswap.load(word, slot, destination, position));
            }
        } finally {
            table.unlock(slot, word);
        }
        // Replaced between the first look and the lock by something that needs none.
        return readPage(slot, destination, position);
    }

    private boolean verified(boolean intact) {
        if (!intact) {
            counters.add(Counter.CORRUPT_PAGES, 1);
        }
        return intact;
    }

    private long fillValue(long word) {
        return PageWord.isWide(word) ? fillValues.get(PageWord.fillIndex(word)) : PageWord.fillValue(word);
    }

    @Override
    public int write(long offset, int length, ByteBuffer source, int position) {
        int slot = slot(offset);
        long now = System.nanoTime();
        for (int done = 0; done < length; done += PAGE_SIZE) {
            counters.add(Counter.NUM_WRITES, 1);
            stamps.set(slot, now);
            int error = writePage(slot++, source, position + done);
            if (error != NbdError.OK) {
                counters.add(Counter.FAILED_WRITES, 1);
                return error;
            }
        }
        return NbdError.OK;
    }

    /** Stores a page without counting the request. */
    int writePage(int slot, ByteBuffer source, int position) {
        long word = fillWord(source, position);
        if (word == BackendSession.REJECTED) {
            word = frontswap.store(slot, source, position);
        }
        if (word == BackendSession.REJECTED) {
            // What the slot holds is stale from now on, and its memory may be just what the new page lacks.
            replace(slot, PageWord.LOST_WORD);
            word = frontswap.store(slot, source, position);
        }
        if (word == BackendSession.REJECTED) {
            return NbdError.ENOSPC;
        }
        count(word, 1);
        replace(slot, word);
        return NbdError.OK;
    }

    private long fillWord(ByteBuffer source, int position) {
        if (!SameFilled.isSameFilled(source, position, PAGE_SIZE)) {
            return BackendSession.REJECTED;
        }
        long value = SameFilled.word(source, position);
        if (PageWord.fitsInline(value)) {
            return PageWord.filled(value);
        }
        int index = fillValues.intern(value);
        return index == FillValues.NO_PLACE ? BackendSession.REJECTED : PageWord.filledWide(index);
    }

    /** Publishes a word and frees what it replaces. Returns whether that was a page. */
    private boolean replace(int slot, long word) {
        return release(table.exchange(slot, word));
    }

    /** Frees what a word stood for that is no longer in the table. Returns whether that was a page. */
    private boolean release(long old) {
        int state = PageWord.state(old);
        if (state == PageWord.EMPTY || state == PageWord.LOST) {
            return false;
        }
        if (PageWord.isInBackend(old)) {
            frontswap.invalidate(old);
        }
        count(old, -1);
        return true;
    }

    private void count(long word, int pages) {
        if (PageWord.state(word) == PageWord.FILLED) {
            counters.add(Counter.FILLED_PAGES, pages);
            return;
        }
        int length = PageWord.length(word);
        counters.add(Counter.STORED_PAGES, pages);
        counters.add(Counter.COMPRESSED_BYTES, (long) pages * length);
        if (PageWord.state(word) == PageWord.RAW) {
            counters.add(Counter.RAW_PAGES, pages);
        } else if (length <= GOOD_COMPRESS_BYTES) {
            counters.add(Counter.GOOD_COMPRESS_PAGES, pages);
        }
    }

    @Override
    public int trim(long offset, long length) {
        int end = slot(offset + length);
        for (int slot = slot(offset); slot < end; slot++) {
            if (table.get(slot) != PageWord.EMPTY_WORD && replace(slot, PageWord.EMPTY_WORD)) {
                counters.add(Counter.NOTIFY_FREE, 1);
            }
        }
        return NbdError.OK;
    }

    /**
     * Frees the slot if what it holds was surely stored before {@code nanoTime}. The stamp is looked at under the slot's
     * lock: a write that comes later finds an empty slot, one that came before has left its stamp.
     *
     * @return one of {@link SlotFrees}' results
     */
    int freeIfStoredBefore(int slot, long nanoTime) {
        if (table.get(slot) == PageWord.EMPTY_WORD) {
            return SlotFrees.EMPTY;
        }
        long word = table.lock(slot);
        if (!stamps.isBefore(slot, nanoTime)) {
            table.unlock(slot, word);
            return SlotFrees.TOO_NEW;
        }
        table.unlock(slot, PageWord.EMPTY_WORD);
        if (!release(word)) {
            return SlotFrees.EMPTY;
        }
        counters.add(Counter.NOTIFY_FREE, 1);
        counters.add(Counter.EVENT_FREE, 1);
        return SlotFrees.FREED;
    }

    /** An empty slot reads as zeroes. */
    @Override
    public int writeZeroes(long offset, long length) {
        return trim(offset, length);
    }

    @Override
    public long extent(long offset, long length) {
        int first = slot(offset);
        int end = slot(offset + Math.min(length, MAX_EXTENT_BYTES));
        int state = PageState.of(table.get(first));
        int slot = first + 1;
        while (slot < end && PageState.of(table.get(slot)) == state) {
            slot++;
        }
        return Extent.of((long) (slot - first) * PAGE_SIZE, PageState.allocation(state), state);
    }

    /** Nothing to do: what was answered is stored, and no store of ours outlives the machine. */
    @Override
    public int flush() {
        return NbdError.OK;
    }

    @Override
    public void invalidRequest() {
        counters.add(Counter.INVALID_IO, 1);
    }

    @Override
    public void close() {
        frontswap.close();
        registry.close(counters);
    }

    private static int slot(long offset) {
        return (int) (offset / PAGE_SIZE);
    }
}
