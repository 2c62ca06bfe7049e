package io.ramzswap.backing;

import io.ramzswap.allocator.arena.SharedMemoryException;

/** Page n at offset n pages, uncompressed, as in the driver of 2009. */
public final class LinearStore implements BackingStore {
    private final BackingSwap swap;
    private final Sealing sealing;

    /**
     * Over a backing swap.
     *
     * @throws SharedMemoryException if there is no memory for what has to be known of its pages
     */
    public LinearStore(BackingSwap swap) {
        this.swap = swap;
        this.sealing =
                swap.key().isPresent() ? CipherSealing.create(swap.key().get(), swap.slots()) : new ChecksumSealing();
    }

    /** Memory that one takes for so many slots. */
    public static long bytes(int slots, BackingOptions options) {
        return options.encrypted() ? CipherSealing.bytes(slots) : 0;
    }

    @Override
    public BackingSession open() {
        Seal seal = sealing.open();
        return new LinearSession(swap.openQueue(), seal);
    }

    @Override
    public long bytes() {
        return sealing.bytes();
    }

    @Override
    public void close() {
        sealing.close();
    }
}
