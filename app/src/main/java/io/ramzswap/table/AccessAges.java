package io.ramzswap.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How long ago each slot was last written or read, in ticks of about a second, on a clock that its owner moves on.
 *
 * <p>Thread-safe, and a guess: two threads that touch a slot at once leave one tick or the other, and the clock has sixteen
 * bits. So that nothing old looks new when it wraps, its owner has to {@link #settle} all slots every few hours.
 */
public final class AccessAges {
    /** Bytes for each slot. */
    public static final int AGE_BYTES = Short.BYTES;

    /** No page is older than this, nine hours. */
    public static final int OLDEST = 1 << 15;

    /** How often the slots have to be settled, in ticks. */
    public static final int SETTLE_TICKS = 1 << 13;

    private static final int TICK_SHIFT = 30;
    private static final VarHandle TICKS =
            MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.nativeOrder());

    private final ByteBuffer[] slabs;
    private final int slabShift;
    private final int slabMask;
    private volatile int now = tick(System.nanoTime());

    /**
     * Ages in this memory.
     *
     * @param slabs direct buffers, each of {@code 1 << slabShift} slots but the last
     */
    public AccessAges(ByteBuffer[] slabs, int slabShift) {
        this.slabs = slabs.clone();
        this.slabShift = slabShift;
        this.slabMask = (1 << slabShift) - 1;
    }

    /** Moves the clock on to {@code nanoTime}. */
    public void advance(long nanoTime) {
        int tick = tick(nanoTime);
        if (tick != now) {
            now = tick;
        }
    }

    /** A tick for so many seconds, rounded down. */
    public static int ticks(long seconds) {
        return (int) Math.min(OLDEST, (seconds * 1_000_000_000L) >> TICK_SHIFT);
    }

    /** Roughly how many seconds so many ticks are. */
    public static long seconds(int ticks) {
        return nanos(ticks) / 1_000_000_000L;
    }

    /** How many nanoseconds so many ticks are. */
    public static long nanos(int ticks) {
        return (long) ticks << TICK_SHIFT;
    }

    /** Notes that somebody writes or reads the slot. */
    public void touch(int slot) {
        TICKS.setOpaque(slabs[slot >>> slabShift], index(slot), (short) now);
    }

    /** How many ticks ago the slot was touched. */
    public int age(int slot) {
        return Math.min(OLDEST, (now - (short) TICKS.getOpaque(slabs[slot >>> slabShift], index(slot))) & 0xffff);
    }

    /** Sees to it that what is old stays so until the next time. */
    public void settle(int slot) {
        if (age(slot) == OLDEST) {
            TICKS.setOpaque(slabs[slot >>> slabShift], index(slot), (short) (now - OLDEST));
        }
    }

    private static int tick(long nanoTime) {
        return (int) ((nanoTime >> TICK_SHIFT) & 0xffff);
    }

    private int index(int slot) {
        return (slot & slabMask) * AGE_BYTES;
    }
}
