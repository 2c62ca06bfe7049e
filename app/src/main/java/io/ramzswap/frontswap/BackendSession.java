package io.ramzswap.frontswap;

import java.nio.ByteBuffer;

/**
 * One thread's use of a {@link Backend}. The words are {@linkplain io.ramzswap.table.PageWord page-table words} without
 * the lock bit.
 */
public interface BackendSession extends AutoCloseable {
    /** Returned by {@link #store} instead of a word: no room, or not a page for this backend. */
    long REJECTED = -1;

    /** For {@link #store}: whatever the page takes. */
    int ANY_BYTES = Integer.MAX_VALUE;

    /**
     * Takes a page in. The caller publishes the word; until then nobody else knows of the page.
     *
     * @param maxBytes a page that does not become as small as this is not taken
     * @return the page's word, or {@link #REJECTED}
     */
    long store(int slot, ByteBuffer source, int position, int maxBytes);

    /** Takes a page in, whatever it takes. */
    default long store(int slot, ByteBuffer source, int position) {
        return store(slot, source, position, ANY_BYTES);
    }

    /**
     * Copies a page out. The caller holds the slot's lock, so that the page stays.
     *
     * @return whether the page was as it had been stored; if not, what is in {@code destination} is undefined
     */
    boolean load(long word, int slot, ByteBuffer destination, int position);

    /**
     * Lets go of a page that is no longer, or was never, in the page table.
     *
     * @return whether its memory is free; it is not if what lies there does not say that it is the slot's
     */
    boolean invalidate(long word, int slot);

    @Override
    void close();
}
