package io.ramzswap.backing;

import java.nio.ByteBuffer;

/**
 * One thread's use of a {@link BackingStore}. Reading and writing wait for the disk; one page is under way at a time.
 *
 * <p>What a page has to be stays in memory. So a page that the disk lost, mixed up with another or changed is an error when it
 * is read.
 */
public interface BackingSession extends AutoCloseable {
    /** What came of a read. */
    enum Outcome {
        /** The page is as it was written. */
        INTACT,
        /** The disk gave other bytes than were written. */
        CORRUPT,
        /** The disk gave none. */
        FAILED,
        /** The slot has another word by now. */
        OVERTAKEN
    }

    /**
     * Writes a page. The caller has the slot in flight.
     *
     * @param slot one that is {@linkplain BackingSwap#isForPages for pages}
     * @return the page's word; or {@link io.ramzswap.frontswap.BackendSession#REJECTED}
     */
    long write(int slot, ByteBuffer source, int position);

    /**
     * Reads a page. What is said of it holds only if the slot still has the same word afterwards. From then on until {@link
     * #done}, no other page gets this word.
     *
     * @param word the slot's, ON_DISK
     */
    Outcome read(long word, int slot, ByteBuffer destination, int position);

    /** Ends what {@link #read} began. */
    void done();

    /** Lets go of a page that is no longer in the page table. Returns false if its word names no place that there is. */
    boolean release(long word);

    /** What a page takes of the disk, in bytes. */
    int bytes(long word);

    @Override
    void close();
}
