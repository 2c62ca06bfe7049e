package io.ramzswap.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How long ago each slot was last written or read, in ticks of about a second, on a clock that its owner moves on. Ages reach
 * from a tick to {@link #OLDEST}, a month.
 *
 * <pre>
 *   bit 15   14..0
 *     0      tick of the last use                   while that is less than nine hours ago
 *     1      tick of the last use, in 4096ths       after {@link #settle}
 * </pre>
 *
 * <p>An age is exact for two hours at least. After that it is an hour less than the truth, at most, and never more.
 *
 * <p>Thread-safe, and a guess: two threads that touch a slot at once leave one tick or the other. So that nothing old looks new
 * when a tick's fifteen bits wrap, the owner has to {@link #settle} all slots every few hours.
 */
public final class AccessAges {
    /** Bytes for each slot. */
    public static final int AGE_BYTES = Short.BYTES;

    /** The greatest age: 32 days. */
    public static final int OLDEST = 5 << 19;

    /** How often the slots have to be settled, in ticks. */
    public static final int SETTLE_TICKS = 1 << 13;

    private static final int TICK_MASK = 0x7fff;
    private static final int COARSE = 0x8000;
    private static final int COARSE_SHIFT = 12;
    private static final int COARSE_TICK = 1 << COARSE_SHIFT;

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

    /** A tick for so many seconds, rounded down; {@link #OLDEST} at most. */
    public static int ticks(long seconds) {
        return seconds >= seconds(OLDEST) ? OLDEST : (int) ((seconds * 1_000_000_000L) >> TICK_SHIFT);
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
        TICKS.setOpaque(slabs[slot >>> slabShift], index(slot), (short) (now & TICK_MASK));
    }

    /** How many ticks ago the slot was touched. */
    public int age(int slot) {
        return age((short) TICKS.getOpaque(slabs[slot >>> slabShift], index(slot)), now);
    }

    private static int age(short stamp, int tick) {
        if (stamp >= 0) {
            return (tick - stamp) & TICK_MASK;
        }
        final int coarseTicks = ((tick >> COARSE_SHIFT) - stamp) & TICK_MASK;
        // As if it had been touched at the end of the 4096 ticks.
        final int age = (coarseTicks << COARSE_SHIFT) + (tick & (COARSE_TICK - 1)) - (COARSE_TICK - 1);
        return Math.max(0, Math.min(OLDEST, age));
    }

    /** Sees to it that what is old stays so until the next time. */
    public void settle(int slot) {
        final ByteBuffer slab = slabs[slot >>> slabShift];
        final int tick = now;
        final short stamp = (short) TICKS.getOpaque(slab, index(slot));
        final int age = age(stamp, tick);
        if (stamp >= 0 && age >= SETTLE_TICKS) {
            TICKS.setOpaque(slab, index(slot), coarse(tick - age));
        } else if (age == OLDEST) {
            TICKS.setOpaque(slab, index(slot), coarse(tick - OLDEST - COARSE_TICK));
        }
    }

    private static short coarse(int tick) {
        return (short) (COARSE | ((tick >> COARSE_SHIFT) & TICK_MASK));
    }

    private static int tick(long nanoTime) {
        return (int) (nanoTime >> TICK_SHIFT);
    }

    private int index(int slot) {
        return (slot & slabMask) * AGE_BYTES;
    }
}
