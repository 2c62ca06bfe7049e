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
 *   4224     counters        of BlockStripe
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
    /** What the lists take of the control area, in whole cache lines. */
    static final int CONTROL_BYTES = (HEADS + LISTS * Long.BYTES + 63) & -64;

    private static final int NEXT = 0;
    private static final int PREVIOUS = 8;

    private final SharedMemory memory;
    private final ByteBuffer control;
    private final int base;

    FreeLists(SharedMemory memory, long controlOffset) {
        this.memory = memory;
        this.control = memory.slab(controlOffset);
        this.base = SharedMemory.position(controlOffset);
    }

    /** Forgets all blocks. */
    void clear() {
        for (int i = 0; i < HEADS + LISTS * Long.BYTES; i += Long.BYTES) {
            control.putLong(base + i, 0);
        }
    }

    /** Takes out a block of at least {@code payloadBytes}: the offset of its header, or 0. */
    long takeFitting(int payloadBytes) {
        // Blocks of the list that the size falls into may be up to 7 bytes too small, so it is rounded up.
        int found = firstListFrom(listOf(payloadBytes + STEP_BYTES - 1));
        if (found < 0) {
            return takeExact(payloadBytes);
        }
        long block = head(found);
        unlink(block, found);
        return block;
    }

    /**
     * The same, from a block that many objects fit into, if there is one: what is left of it goes to the head of its list. So
     * those that are taken one after the other lie side by side.
     */
    long takeRoomy(int payloadBytes) {
        long block = head(LISTS - 1);
        if (block == 0) {
            return takeFitting(payloadBytes);
        }
        unlink(block, LISTS - 1);
        return block;
    }

    /** The last resort before a new region: the first block of the size's own list may be large enough. */
    private long takeExact(int payloadBytes) {
        int list = listOf(payloadBytes);
        long block = head(list);
        if (block == 0 || payloadOf(block) < payloadBytes) {
            return 0;
        }
        unlink(block, list);
        return block;
    }

    private int payloadOf(long block) {
        return BlockHeader.payloadBytes(memory.slab(block).getInt(SharedMemory.position(block)));
    }

    /** Lists a free block; one too small for the links is in no list, and waits to be merged with a neighbour. */
    void add(long block, int payloadBytes) {
        if (payloadBytes < MIN_PAYLOAD_BYTES) {
            return;
        }
        int list = listOf(payloadBytes);
        long next = head(list);
        setLink(block, NEXT, next);
        setLink(block, PREVIOUS, 0);
        setHead(list, block);
        if (next == 0) {
            mark(list);
        } else {
            setLink(next, PREVIOUS, block);
        }
    }

    void remove(long block, int payloadBytes) {
        if (payloadBytes >= MIN_PAYLOAD_BYTES) {
            unlink(block, listOf(payloadBytes));
        }
    }

    private void unlink(long block, int list) {
        long next = link(block, NEXT);
        long previous = link(block, PREVIOUS);
        if (next != 0) {
            setLink(next, PREVIOUS, previous);
        }
        if (previous != 0) {
            setLink(previous, NEXT, next);
            return;
        }
        assert head(list) == block : "list " + list + " starts with " + head(list) + ", not " + block;
        setHead(list, next);
        if (next == 0) {
            unmark(list);
        }
    }

    private static int listOf(int payloadBytes) {
        int list = (payloadBytes - MIN_PAYLOAD_BYTES) >> STEP_SHIFT;
        return Math.max(0, Math.min(list, LISTS - 1));
    }

    private int firstListFrom(int list) {
        int word = list >>> 6;
        long lists = secondLevel(word) & (-1L << list);
        if (lists == 0) {
            long words = control.getLong(base) & (-2L << word);
            if (words == 0) {
                return -1;
            }
            word = Long.numberOfTrailingZeros(words);
            lists = secondLevel(word);
        }
        return (word << 6) + Long.numberOfTrailingZeros(lists);
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
