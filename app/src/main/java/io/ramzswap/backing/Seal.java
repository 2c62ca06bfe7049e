package io.ramzswap.backing;

import java.nio.ByteBuffer;

/**
 * One thread's way of telling whether a page comes back from the disk as it went there: the page as this slot held it, and
 * none that was there before.
 */
interface Seal extends AutoCloseable {
    /**
     * Makes of a page what is to be written to its slot's place, which nobody else has meanwhile.
     *
     * @param sealed takes it
     * @return the page's word; or {@link io.ramzswap.tier.TierSession#REFUSED}
     */
    long close(int slot, ByteBuffer source, int position, AlignedMemory sealed);

    /**
     * Restores a page. What is said of it holds only if the slot still has the same word afterwards.
     *
     * @param sealed what came back
     * @param word what {@link #close(int, ByteBuffer, int, AlignedMemory)} answered
     * @return whether it is that page; if not, {@code destination} is as it was
     */
    boolean open(long word, int slot, AlignedMemory sealed, ByteBuffer destination, int position);

    @Override
    void close();
}
