package io.ramzswap.tier;

import java.nio.ByteBuffer;

/**
 * One thread's use of a {@link Tier}, one page at a time. The words are {@linkplain io.ramzswap.table.PageWord page-table
 * words} without the lock bit.
 */
public interface TierSession extends AutoCloseable {
    /** Returned by {@link #store} instead of a word: no room, or not a page for this tier. */
    long REFUSED = -1;

    /**
     * Takes a page in. When this returns a word the page is safe; the caller publishes the word, and until then no other thread
     * knows of the page. If the tier {@linkplain Tier#waits waits}, the caller has the slot in flight.
     *
     * @param maxBytes a page that does not become as small as this is not taken
     * @return the page's word, or {@link #REFUSED}
     */
    long store(int slot, ByteBuffer source, int position, int maxBytes);

    /**
     * Copies a page out.
     *
     * <p>If the tier does not wait, the caller holds the slot's lock, so that the page stays. If it does, the caller holds no
     * lock: the result means something only if the slot has the same word afterwards. From then on until {@link #done} no other
     * page gets this word.
     *
     * @return if it is not {@link Outcome#INTACT}, what is in {@code destination} is undefined
     */
    Outcome load(long word, int slot, ByteBuffer destination, int position);

    /** Ends what {@link #load} began. */
    void done();

    /**
     * Frees a page that is no longer, or was never, in the page table.
     *
     * @return whether its place is free; it is not if the word names no place, or what lies there does not say that it is the
     *     slot's
     */
    boolean free(long word, int slot);

    /** The bytes that a page takes of the tier. */
    int bytes(long word);

    @Override
    void close();
}
