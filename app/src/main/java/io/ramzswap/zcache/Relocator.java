package io.ramzswap.zcache;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.MoveListener;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;

/**
 * Lets a compaction move the objects of a {@link CompressedStore}: an object's header names its slot, and the slot's lock
 * keeps readers and writers of the page away for as long as the copy takes. Confined to the thread that compacts.
 */
final class Relocator implements MoveListener {
    private final PageTable table;
    private final int slots;
    private final Arena arena;
    private final Allocator allocator;

    private int slot;
    private long word;

    Relocator(PageTable table, int slots, Arena arena, Allocator allocator) {
        this.table = table;
        this.slots = slots;
        this.arena = arena;
        this.allocator = allocator;
    }

    /** The object may not be published yet, or not any more: only the page table tells. */
    @Override
    public boolean tryBegin(long handle) {
        int candidate = slotIn(handle);
        if (candidate < 0 || candidate >= slots) {
            return false;
        }
        long found = table.tryLock(candidate);
        if (found == PageTable.BUSY) {
            return false;
        }
        if (PageWord.state(found) != PageWord.COMPRESSED || PageWord.location(found) != handle) {
            table.unlock(candidate, found, found);
            return false;
        }
        slot = candidate;
        word = found;
        return true;
    }

    @Override
    public void moved(long from, long to) {
        table.unlock(slot, word, PageWord.withLocation(word, to));
    }

    private int slotIn(long handle) {
        long offset = allocator.offset(handle);
        return arena.slab(offset).getInt(Arena.position(offset) + CompressedStore.SLOT_OFFSET);
    }
}
