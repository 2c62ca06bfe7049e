package io.ramzswap.backing;

import io.ramzswap.tier.Outcome;
import io.ramzswap.tier.TierSession;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/** A session of a {@link LinearStore}. Who has a slot in flight has its place on the disk alone. */
final class LinearSession implements TierSession {
    private static final int PAGE_SIZE = AlignedMemory.PAGE_BYTES;

    private final DiskQueue queue;
    private final Seal seal;
    private final AlignedMemory page = new AlignedMemory(1);

    LinearSession(DiskQueue queue, Seal seal) {
        this.queue = queue;
        this.seal = seal;
    }

    @Override
    public long store(int slot, ByteBuffer source, int position, int maxBytes) {
        assert BackingSwap.isForPages(slot) : "page " + slot + " is the header's";
        if (maxBytes < PAGE_SIZE) {
            return REFUSED;
        }
        long word = seal.close(slot, source, position, page);
        if (word == REFUSED || !queue.write(page, 0, PAGE_SIZE, offset(slot))) {
            return REFUSED;
        }
        return word;
    }

    @Override
    public Outcome load(long word, int slot, ByteBuffer destination, int position) {
        if (!queue.read(page, 0, PAGE_SIZE, offset(slot))) {
            return Outcome.FAILED;
        }
        boolean intact = seal.open(word, slot, page, destination, position);
        // What was looked at of the page comes before the caller's second look at its word.
        VarHandle.acquireFence();
        return intact ? Outcome.INTACT : Outcome.CORRUPT;
    }

    @Override
    public void done() {}

    /** The place is the slot's own. */
    @Override
    public boolean free(long word, int slot) {
        return true;
    }

    @Override
    public int bytes(long word) {
        return PAGE_SIZE;
    }

    private static long offset(int slot) {
        return (long) slot * PAGE_SIZE;
    }

    @Override
    public void close() {
        seal.close();
        queue.close();
    }
}
