package io.ramzswap.zcache;

import java.nio.ByteBuffer;

/** One thread's way to take pages out of a {@link CompressedStore} as they are stored, compressed or not. */
public interface StoredObjects extends AutoCloseable {
    /** Returned by {@link #copy}: the object fails its check. */
    int DAMAGED = -1;

    /**
     * Copies a page's bytes. The caller holds the slot's lock, so that the page stays.
     *
     * @param destination takes them from position 0
     * @return how many there are, 4096 for a page that is not compressed; or {@link #DAMAGED}
     */
    int copy(long word, int slot, ByteBuffer destination);

    /**
     * Lets go of a page that is no longer in the page table.
     *
     * @return whether its memory is free; it is not if what lies there does not say that it is the slot's
     */
    boolean invalidate(long word, int slot);

    @Override
    void close();
}
