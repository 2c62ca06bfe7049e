package io.ramzswap.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.LockSupport;

/**
 * A {@linkplain PageWord word} for each slot of a device. A word is published whole; a reader never sees half of one.
 *
 * <p>Thread-safe. Whoever needs the memory behind a word to stay must {@linkplain #lock lock} the slot; replacing a
 * word waits for the lock, so the replaced word's memory is its replacer's alone.
 *
 * <p>A lock is held for the copy of a page. What takes longer, a write to the backing swap, has the slot {@linkplain
 * PageWord#IN_FLIGHT in flight} instead. Its word is whole and can be read, but it is locked or replaced by nobody until the
 * thread that put it there {@linkplain #unlock publishes} another; only a request for the very same page waits for that.
 */
public final class PageTable {
    private static final int SPINS = 256;
    private static final long NAP_NANOS = 50_000;
    /** Who has napped so often waits for a disk. */
    private static final int SHORT_NAPS = 256;

    private static final long LONG_NAP_NANOS = 1_000_000;

    /** Returned by {@link #tryLock} and {@link #tryExchange}: the slot is another thread's. No word has this value. */
    public static final long BUSY = -1;

    /** Bytes of table for each slot. */
    public static final int WORD_BYTES = Long.BYTES;

    private static final VarHandle WORDS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer[] slabs;
    private final int slabShift;
    private final int slabMask;

    /**
     * A table over zeroed memory: every slot is empty.
     *
     * @param slabs direct buffers, aligned to eight bytes, each of {@code 1 << slabShift} words but the last
     */
    public PageTable(ByteBuffer[] slabs, int slabShift) {
        this.slabs = slabs.clone();
        this.slabShift = slabShift;
        this.slabMask = (1 << slabShift) - 1;
    }

    /** The slot's word, without the lock. The memory behind it may go at any moment. */
    public long get(int slot) {
        return (long) WORDS.getAcquire(slab(slot), index(slot)) & ~PageWord.LOCK_BIT;
    }

    /** Locks the slot, waiting for whoever holds it, and returns its word. */
    public long lock(int slot) {
        ByteBuffer slab = slab(slot);
        int index = index(slot);
        for (int tries = 0; ; tries++) {
            long word = (long) WORDS.getOpaque(slab, index);
            if (isFree(word) && WORDS.weakCompareAndSetAcquire(slab, index, word, word | PageWord.LOCK_BIT)) {
                return word;
            }
            pause(tries);
        }
    }

    /** Locks the slot if it is nobody else's, and returns its word; else {@link #BUSY}. */
    public long tryLock(int slot) {
        ByteBuffer slab = slab(slot);
        int index = index(slot);
        long word = (long) WORDS.getOpaque(slab, index);
        return isFree(word) && WORDS.compareAndSet(slab, index, word, word | PageWord.LOCK_BIT) ? word : BUSY;
    }

    /** Publishes a word for a slot that the calling thread has locked, and unlocks it; or has put in flight. */
    public void unlock(int slot, long word) {
        WORDS.setRelease(slab(slot), index(slot), word);
    }

    /**
     * Publishes a word and returns the one that it replaces, whose memory is now the caller's to free. Waits for whoever has
     * the slot in flight.
     */
    public long exchange(int slot, long word) {
        ByteBuffer slab = slab(slot);
        int index = index(slot);
        for (int tries = 0; ; tries++) {
            long old = (long) WORDS.getOpaque(slab, index);
            if (isFree(old) && WORDS.compareAndSet(slab, index, old, word)) {
                return old;
            }
            pause(tries);
        }
    }

    /** {@link #exchange}; but answers {@link #BUSY}, and has changed nothing, when the slot is in flight. */
    public long tryExchange(int slot, long word) {
        ByteBuffer slab = slab(slot);
        int index = index(slot);
        for (int tries = 0; ; tries++) {
            long old = (long) WORDS.getOpaque(slab, index);
            if (PageWord.isInFlight(old)) {
                return BUSY;
            }
            if (!isLocked(old) && WORDS.compareAndSet(slab, index, old, word)) {
                return old;
            }
            pause(tries);
        }
    }

    /** Publishes a word if the slot has the one that is expected, whoever locks it meanwhile. Answers whether it had. */
    public boolean replace(int slot, long expected, long word) {
        ByteBuffer slab = slab(slot);
        int index = index(slot);
        for (int tries = 0; ; tries++) {
            long old = (long) WORDS.getOpaque(slab, index);
            if ((old & ~PageWord.LOCK_BIT) != expected) {
                return false;
            }
            if (!isLocked(old) && WORDS.compareAndSet(slab, index, old, word)) {
                return true;
            }
            pause(tries);
        }
    }

    /** Locks the slot if its page is still {@linkplain PageWord#leaving leaving}, and returns its word; else {@link #BUSY}. */
    public long lockLeaving(int slot) {
        ByteBuffer slab = slab(slot);
        int index = index(slot);
        for (int tries = 0; ; tries++) {
            long word = (long) WORDS.getOpaque(slab, index);
            if (!PageWord.isLeaving(word)) {
                return BUSY;
            }
            if (!isLocked(word) && WORDS.compareAndSet(slab, index, word, word | PageWord.LOCK_BIT)) {
                return word;
            }
            pause(tries);
        }
    }

    /** Waits until the slot is not in flight, and returns its word as {@link #get} does. */
    public long awaitLanding(int slot) {
        long word = get(slot);
        for (int tries = 0; PageWord.isInFlight(word); tries++) {
            pause(tries);
            word = get(slot);
        }
        return word;
    }

    private ByteBuffer slab(int slot) {
        return slabs[slot >>> slabShift];
    }

    private int index(int slot) {
        return (slot & slabMask) * WORD_BYTES;
    }

    private static boolean isFree(long word) {
        return !isLocked(word) && !PageWord.isInFlight(word);
    }

    private static boolean isLocked(long word) {
        return (word & PageWord.LOCK_BIT) != 0;
    }

    /**
     * The holder copies one page: spin first. But it may need our processor to go on; and a real-time thread that yields lets
     * no ordinary one have it, only one that sleeps does.
     */
    private static void pause(int tries) {
        if (tries < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(tries < SPINS + SHORT_NAPS ? NAP_NANOS : LONG_NAP_NANOS);
        }
    }
}
