package io.ramzswap.backing;

import io.ramzswap.allocator.arena.SharedMemoryException;
import io.ramzswap.compress.Compressor;
import io.ramzswap.compress.CompressorChoice;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import io.ramzswap.tier.TierSession;
import io.ramzswap.tier.TierSink;
import java.util.Optional;

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
    public void serve(PageTable table, CompressorChoice compressors) {}

    /** Pages come as the kernel writes them. */
    @Override
    public Optional<TierSink> sink() {
        return Optional.empty();
    }

    @Override
    public LogStatistics statistics() {
        return LogStatistics.NONE;
    }

    @Override
    public BackingState state() {
        return swap.state();
    }

    @Override
    public int states() {
        return 1 << PageWord.ON_DISK;
    }

    @Override
    public boolean waits() {
        return true;
    }

    @Override
    public int mostBytesAbove() {
        return Compressor.GOOD_BYTES;
    }

    @Override
    public boolean isWilling(long now) {
        return swap.isWilling(now);
    }

    @Override
    public TierSession open() {
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
