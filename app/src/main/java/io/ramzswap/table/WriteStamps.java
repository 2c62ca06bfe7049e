package io.ramzswap.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * When each slot was last written, on the clock of {@link System#nanoTime} in ticks of 2<sup>{@value #TICK_SHIFT}</sup>
 * ns, about a millisecond.
 *
 * <pre>
 *   31                        1   0
 *  +----------------------------+---+
 *  | ticks                      | P |      P makes the parity of the stamp even
 *  +----------------------------+---+
 * </pre>
 *
 * <p>Thread-safe. A writer sets the stamp before it publishes the slot's word, so whoever locks the slot sees a stamp at
 * least as new as the page. Ticks wrap after 26 days; a page older than 13 days can look new, never the reverse. A stamp whose
 * parity is odd was damaged: its page counts as new.
 */
public final class WriteStamps {
    /** Bytes for each slot. */
    public static final int STAMP_BYTES = Integer.BYTES;

    private static final int TICK_SHIFT = 20;
    private static final int TICKS_MASK = -2;
    private static final VarHandle STAMPS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final ByteBuffer[] slabs;
    private final int slabShift;
    private final int slabMask;

    /**
     * Stamps in this memory.
     *
     * @param slabs direct buffers, aligned to four bytes, each of {@code 1 << slabShift} stamps but the last
     */
    public WriteStamps(ByteBuffer[] slabs, int slabShift) {
        this.slabs = slabs.clone();
        this.slabShift = slabShift;
        this.slabMask = (1 << slabShift) - 1;
    }

    /** Notes that the slot is written with bytes that arrived before {@code nanoTime}. */
    public void set(int slot, long nanoTime) {
        int ticks = ticks(nanoTime);
        STAMPS.setOpaque(slabs[slot >>> slabShift], index(slot), ticks | parity(ticks));
    }

    /** Whether the slot was surely last written before {@code nanoTime}; false if it was in the same tick. */
    public boolean isBefore(int slot, long nanoTime) {
        int stamp = (int) STAMPS.getOpaque(slabs[slot >>> slabShift], index(slot));
        return parity(stamp) == 0 && ticks(nanoTime) - (stamp & TICKS_MASK) > 0;
    }

    /** In the upper 31 bits. */
    private static int ticks(long nanoTime) {
        return (int) (nanoTime >> TICK_SHIFT) << 1;
    }

    private static int parity(int stamp) {
        return Integer.bitCount(stamp) & 1;
    }

    private int index(int slot) {
        return (slot & slabMask) * STAMP_BYTES;
    }
}
