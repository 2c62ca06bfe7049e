package io.ramzswap.tier;

import java.nio.ByteBuffer;

/**
 * A tier as the slower neighbour of another, from which cold pages come, many at a time. For one thread, between {@link
 * #begin} and {@link #end}; what is for any thread says so.
 */
public interface TierSink {
    /** The owner of the pages until they are safe here. */
    interface Owner {
        /**
         * The page's copy is safe.
         *
         * @return whether the slot has that word from now on; it has not if the page is gone
         */
        boolean written(int slot, long newWord);

        /** The page's copy is not here. */
        void refused(int slot);
    }

    /** Makes the calling thread the one that adds pages. */
    void begin();

    /** Ends what {@link #begin} began. Threads that wait for a page to be taken are told that it was refused. */
    void end();

    /** Has the thread look for work. From any thread. */
    void wake();

    /** Whether pages should be added: see {@link Tier#isWilling}. From any thread. */
    boolean isWilling(long now);

    /** Nothing is added any more. Pages that are here can be read. From any thread. */
    void abandon();

    /** Takes the bytes of the page to be {@linkplain #add added}, from position 0. */
    ByteBuffer object();

    /**
     * Adds the copy of a page in {@link #object}. The page is {@linkplain io.ramzswap.table.PageWord#leaving leaving} its tier.
     *
     * @return false if there is no room, or an earlier copy of the page waits to be written: {@link #flush}, and try again, unless
     *     it {@link #isFull}
     */
    boolean add(int slot, int length, int compressor);

    /** Writes what was added, waits until it is safe, and tells its owner. Returns whether nothing is left to write. */
    boolean flush(Owner owner);

    /** Whether there is nothing to flush. */
    boolean isEmpty();

    /** Whether the last object found no place. From any thread. */
    boolean isFull();

    /** Adds the pages that other threads wait to store here. Returns whether there were any. */
    boolean addWaiting(Owner owner);

    /** Makes room, in small steps, where there is little. Returns whether there was something to do. */
    boolean clean(Owner owner);

    /** The bytes that a page takes here. From any thread. */
    int bytes(long word);
}
