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
 * <p>No word is believed that fails its check. A slot whose word is damaged belongs to nobody and is waited for by nobody, however
 * its lock and state look: it reads as an error until a page is written there, or the slot is freed. The memory of the page that
 * was there is not known any more and stays taken. Whoever held the slot's lock when that happened puts the damage right.
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

    /** Returned instead of a word: the slot is another thread's, or is not as it was asked for. No word has this value. */
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

    /** The slot's word, without the lock; or {@link PageWord#DAMAGED_WORD}. The memory behind it may go at any moment. */
    public long get(int slot) {
        return PageWord.believed((long) WORDS.getAcquire(slab(slot), index(slot)));
    }

    /**
     * Locks the slot, waiting for whoever holds it, and returns its word. A damaged one is not locked, and comes back as {@link
     * PageWord#DAMAGED_WORD}.
     */
    public long lock(int slot) {
        ByteBuffer slab = slab(slot);
        int index = index(slot);
        for (int tries = 0; ; tries++) {
            long found = (long) WORDS.getOpaque(slab, index);
            long word = PageWord.believed(found);
            if (word == PageWord.DAMAGED_WORD) {
                return word;
            }
            if (isFree(found, word) && WORDS.weakCompareAndSetAcquire(slab, index, word, word ^ PageWord.LOCK_BITS)) {
                return word;
            }
            pause(tries);
        }
    }

    /** Locks the slot if it is nobody else's, and sound, and returns its word; else {@link #BUSY}. */
    public long tryLock(int slot) {
        ByteBuffer slab = slab(slot);
        int index = index(slot);
        long found = (long) WORDS.getOpaque(slab, index);
        long word = PageWord.believed(found);
        return isFree(found, word) && WORDS.compareAndSet(slab, index, word, word ^ PageWord.LOCK_BITS) ? word : BUSY;
    }

    /**
     * Publishes a word for a slot that the calling thread has locked, and unlocks it.
     *
     * @param locked what was locked
     * @return whether the slot has the word. If not, what was locked had been damaged meanwhile, and another thread has put
     *     a page of its own there without freeing what it could not read
     */
    public boolean unlock(int slot, long locked, long word) {
        return publish(slot, locked ^ PageWord.LOCK_BITS, word);
    }

    /**
     * Publishes what came of a slot that the calling thread has put in flight.
     *
     * @return whether the slot has the word; if not, {@link #unlock} tells why
     */
    public boolean land(int slot, long word) {
        return publish(slot, PageWord.IN_FLIGHT_WORD, word);
    }

    private boolean publish(int slot, long held, long word) {
        ByteBuffer slab = slab(slot);
        int index = index(slot);
        if (WORDS.compareAndSet(slab, index, held, word)) {
            return true;
        }
        for (; ; ) {
            long found = (long) WORDS.getVolatile(slab, index);
            if (found != held && PageWord.believed(found) != PageWord.DAMAGED_WORD) {
                return false;
            }
            if (WORDS.compareAndSet(slab, index, found, word)) {
                return true;
            }
        }
    }

    /**
     * Publishes a word and returns the one that it replaces, whose memory is now the caller's to free. Waits for whoever has
     * the slot in flight. A damaged word is replaced, too: it comes back as {@link PageWord#DAMAGED_WORD}.
     */
    public long exchange(int slot, long word) {
        ByteBuffer slab = slab(slot);
        int index = index(slot);
        for (int tries = 0; ; tries++) {
            long found = (long) WORDS.getOpaque(slab, index);
            long old = PageWord.believed(found);
            if (mayReplace(found, old) && WORDS.compareAndSet(slab, index, found, word)) {
                return old;
            }
            pause(tries);
        }
    }

    /** {@link #exchange}; but returns {@link #BUSY}, and has changed nothing, when the slot is in flight. */
    public long tryExchange(int slot, long word) {
        ByteBuffer slab = slab(slot);
        int index = index(slot);
        for (int tries = 0; ; tries++) {
            long found = (long) WORDS.getOpaque(slab, index);
            long old = PageWord.believed(found);
            if (PageWord.isInFlight(old)) {
                return BUSY;
            }
            if (mayReplace(found, old) && WORDS.compareAndSet(slab, index, found, word)) {
                return old;
            }
            pause(tries);
        }
    }

    /** Publishes a word if the slot has the one that is expected, whoever locks it meanwhile. Returns whether it had. */
    public boolean replace(int slot, long expected, long word) {
        ByteBuffer slab = slab(slot);
        int index = index(slot);
        for (int tries = 0; ; tries++) {
            long found = (long) WORDS.getOpaque(slab, index);
            if (PageWord.believed(found) != expected) {
                return false;
            }
            if (found == expected && WORDS.compareAndSet(slab, index, found, word)) {
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
            long found = (long) WORDS.getOpaque(slab, index);
            long word = PageWord.believed(found);
            if (!PageWord.isLeaving(word)) {
                return BUSY;
            }
            if (found == word && WORDS.compareAndSet(slab, index, word, word ^ PageWord.LOCK_BITS)) {
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

    /** Whether the slot is sound, and nobody has it: what was found is the word that it tells. */
    private static boolean isFree(long found, long word) {
        return found == word && !PageWord.isInFlight(word);
    }

    private static boolean mayReplace(long found, long word) {
        return isFree(found, word) || word == PageWord.DAMAGED_WORD;
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
