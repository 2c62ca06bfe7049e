package io.ramzswap.allocator.block;

import io.ramzswap.allocator.arena.SharedMemory;
import java.nio.ByteBuffer;

/**
 * The free blocks of one stripe: doubly linked lists by size, and a bitmap of two levels that finds the first list that
 * is not empty.
 *
 * <pre>
 *  control area of a stripe, two frames
 *   0        first level     one word: bit i is set if word i of the second level is not 0
 *   8        second level    8 words: one bit a list
 *   72       heads           512 words, one a list: where the first block's header lies, 0 if there is none
 *
 *  a free block
 *  +--------+--------------+--------------+----- - -
 *  | header | next         | previous     |
 *  +--------+--------------+--------------+----- - -
 *   links are offsets of headers from the start of the arena, 0 at either end; aligned to 4
 * </pre>
 *
 * <p>List i holds blocks of 16 + 8 i up to 7 more bytes of payload; the last one all that are larger than any object. An
 * allocation looks from the first list on whose every block is large enough. The caller holds the stripe's lock.
 *
 * <p>All of it can be made anew from the blocks, and nothing of it is believed that they do not confirm.
 */
final class FreeLists {
    /** The smallest payload of a listed block: what the two links need. */
    static final int MIN_PAYLOAD_BYTES = 16;

    static final int CONTROL_FRAMES = 2;

    private static final int STEP_SHIFT = 3;
    private static final int STEP_BYTES = 1 << STEP_SHIFT;
    private static final int LISTS = 512;
    private static final int SECOND_LEVEL = 8;
    private static final int HEADS = SECOND_LEVEL + LISTS / 8;

    private static final int NEXT = 0;
    private static final int PREVIOUS = 8;

    private final SharedMemory memory;
    private final ByteBuffer control;
    private final int base;
    private final int regionBytes;
    private final Owner owner;

    /**
     * No blocks.
     *
     * @param regionBytes the size of the stripe's regions, a power of two
     * @param owner knows which regions are the stripe's
     */
    FreeLists(SharedMemory memory, long controlOffset, int regionBytes, Owner owner) {
        this.memory = memory;
        this.control = memory.slab(controlOffset);
        this.base = SharedMemory.position(controlOffset);
        this.regionBytes = regionBytes;
        this.owner = owner;
        clear();
    }

    /** Knows which regions are a stripe's. */
    interface Owner {
        /** Whether something at this offset lies in one of its regions, whose free blocks may be in lists. */
        boolean holds(long offset);

        /** Whether there is a frame of the arena at this offset. */
        boolean isFrame(long offset);

        /** Told that a list, or a block that was in it, is damaged. */
        void foundDamage();
    }

    private void clear() {
        for (int i = 0; i < HEADS + LISTS * Long.BYTES; i += Long.BYTES) {
            control.putLong(base + i, 0);
        }
    }

    /** Takes out a block of at least {@code payloadBytes}: the offset of its header, or 0. */
    long takeFitting(int payloadBytes) {
        // Blocks of the list that the size falls into may be up to 7 bytes too small, so it is rounded up.
        int first = listOf(payloadBytes + STEP_BYTES - 1);
        for (int list = firstListFrom(first); list >= 0; list = firstListFrom(first)) {
            long block = takeFirst(list);
            if (block != 0) {
                return block;
            }
        }
        return takeExact(payloadBytes);
    }

    /**
     * The same, from a block that many objects fit into, if there is one: what is left of it goes to the head of its list. So
     * those that are taken one after the other lie side by side.
     */
    long takeRoomy(int payloadBytes) {
        long block = head(LISTS - 1) == 0 ? 0 : takeFirst(LISTS - 1);
        return block == 0 ? takeFitting(payloadBytes) : block;
    }

    /** The last resort before a new region: the first block of the size's own list may be large enough. */
    private long takeExact(int payloadBytes) {
        int list = listOf(payloadBytes);
        long block = head(list);
        if (block == 0 || !isListed(block, list) || payloadOf(block) < payloadBytes) {
            return 0;
        }
        unlink(block, list);
        return block;
    }

    /** Takes the first block of a list that is said to have one. If it has none, or no sound one, it is empty from here on: 0. */
    private long takeFirst(int list) {
        long block = head(list);
        if (block == 0 || !isListed(block, list)) {
            drop(list);
            return 0;
        }
        unlink(block, list);
        return block;
    }

    /** Whether there is a free block of the list's sizes at that offset, of which its neighbour says the same. */
    private boolean isListed(long block, int list) {
        if (!isPlace(block) || !owner.holds(block)) {
            return false;
        }
        int header = header(block);
        int payload = BlockHeader.payloadBytes(header);
        int end = inRegion(block) + BlockHeader.BYTES + payload;
        if (!BlockHeader.isFree(header)
                || payload < MIN_PAYLOAD_BYTES
                || listOf(payload) != list
                || end > regionBytes) {
            return false;
        }
        return end == regionBytes
                || BlockHeader.follows(header(block + BlockHeader.BYTES + payload), inRegion(block), true);
    }

    /** Whether there is room for a listed block at that offset. */
    private boolean isPlace(long block) {
        return (block & 3) == 0
                && inRegion(block) + BlockHeader.BYTES + MIN_PAYLOAD_BYTES <= regionBytes
                && owner.isFrame(block);
    }

    private int inRegion(long offset) {
        return (int) offset & (regionBytes - 1);
    }

    private int payloadOf(long block) {
        return BlockHeader.payloadBytes(header(block));
    }

    private int header(long block) {
        return memory.slab(block).getInt(SharedMemory.position(block));
    }

    /** Lists a free block; one too small for the links is in no list, and waits to be merged with a neighbour. */
    void add(long block, int payloadBytes) {
        if (payloadBytes < MIN_PAYLOAD_BYTES) {
            return;
        }
        int list = listOf(payloadBytes);
        long next = head(list);
        if (next != 0 && !(isPlace(next) && link(next, PREVIOUS) == 0)) {
            drop(list);
            next = 0;
        }
        setLink(block, NEXT, next);
        setLink(block, PREVIOUS, 0);
        setHead(list, block);
        mark(list);
        if (next != 0) {
            setLink(next, PREVIOUS, block);
        }
    }

    void remove(long block, int payloadBytes) {
        if (payloadBytes >= MIN_PAYLOAD_BYTES) {
            unlink(block, listOf(payloadBytes));
        }
    }

    /**
     * Takes a block out of a list. Where a neighbour does not point back to it, the link is damaged, and no link is changed: what
     * lies behind it is out of the list for good. No link is ever followed that is not answered.
     */
    private void unlink(long block, int list) {
        long next = link(block, NEXT);
        long previous = link(block, PREVIOUS);
        boolean isFirst = head(list) == block;
        if (!isAnswered(next, PREVIOUS, block) || (!isFirst && !isAnswered(previous, NEXT, block))) {
            owner.foundDamage();
            if (isFirst) {
                empty(list);
            }
            return;
        }
        if (next != 0) {
            setLink(next, PREVIOUS, isFirst ? 0 : previous);
        }
        if (isFirst) {
            setHead(list, next);
            if (next == 0) {
                unmark(list);
            }
        } else if (previous != 0) {
            setLink(previous, NEXT, next);
        }
    }

    /** Whether there is no neighbour, or one that points back. */
    private boolean isAnswered(long neighbour, int which, long block) {
        return neighbour == 0 || (isPlace(neighbour) && link(neighbour, which) == block);
    }

    /** Forgets the blocks of a damaged list. They are free still, and found again when their neighbours are freed, or moved. */
    private void drop(int list) {
        owner.foundDamage();
        empty(list);
    }

    private void empty(int list) {
        setHead(list, 0);
        unmark(list);
    }

    private static int listOf(int payloadBytes) {
        int list = (payloadBytes - MIN_PAYLOAD_BYTES) >> STEP_SHIFT;
        return Math.max(0, Math.min(list, LISTS - 1));
    }

    private int firstListFrom(int list) {
        int word = list >>> 6;
        long lists = secondLevel(word) & (-1L << list);
        long words = control.getLong(base) & (-2L << word) & ((1L << (LISTS / 64)) - 1);
        while (lists == 0 && words != 0) {
            word = Long.numberOfTrailingZeros(words);
            lists = secondLevel(word);
            words &= words - 1;
        }
        return lists == 0 ? -1 : (word << 6) + Long.numberOfTrailingZeros(lists);
    }

    private void mark(int list) {
        int word = list >>> 6;
        control.putLong(base + SECOND_LEVEL + word * 8, secondLevel(word) | (1L << list));
        control.putLong(base, control.getLong(base) | (1L << word));
    }

    private void unmark(int list) {
        int word = list >>> 6;
        long lists = secondLevel(word) & ~(1L << list);
        control.putLong(base + SECOND_LEVEL + word * 8, lists);
        if (lists == 0) {
            control.putLong(base, control.getLong(base) & ~(1L << word));
        }
    }

    private long secondLevel(int word) {
        return control.getLong(base + SECOND_LEVEL + word * 8);
    }

    private long head(int list) {
        return control.getLong(base + HEADS + list * Long.BYTES);
    }

    private void setHead(int list, long block) {
        control.putLong(base + HEADS + list * Long.BYTES, block);
    }

    private long link(long block, int which) {
        long at = block + BlockHeader.BYTES + which;
        return memory.slab(at).getLong(SharedMemory.position(at));
    }

    private void setLink(long block, int which, long value) {
        long at = block + BlockHeader.BYTES + which;
        memory.slab(at).putLong(SharedMemory.position(at), value);
    }
}
