package io.ramzswap.tier;

import java.nio.ByteBuffer;

/**
 * A tier as the faster neighbour of another, to which its cold pages are moved. {@link #copy} and {@link #free} are for the
 * thread that moves them; anything else is for any thread.
 */
public interface TierSource extends AutoCloseable {
    /** Returned by {@link #copy}: the object fails its check. */
    int DAMAGED = -1;

    /** As {@link Tier#states}. */
    int states();

    /**
     * Copies a page's bytes as they are stored. The caller holds the slot's lock, so that the page stays.
     *
     * @param destination takes them from position 0
     * @return how many there are, 4096 for a page that is not compressed; or {@link #DAMAGED}
     */
    int copy(long word, int slot, ByteBuffer destination);

    /** As {@link TierSession#free}. */
    boolean free(long word, int slot);

    /** The bytes of the tier that are used. */
    long usedBytes();

    /** The bytes of the tier that can be used. */
    long limitBytes();

    /** Whether it has just now no room for more, though it is not full. */
    boolean isShort();

    /** Tells it that many pages were freed. */
    void pagesLeft();

    @Override
    void close();
}
