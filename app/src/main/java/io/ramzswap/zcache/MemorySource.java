package io.ramzswap.zcache;

import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.tier.TierSource;
import java.nio.ByteBuffer;

/** Pages in memory, for the thread that moves cold ones away. */
final class MemorySource implements TierSource {
    private final int states;
    private final CompressedStore.Session session;
    private final Arena arena;
    private final Compactor compactor;

    MemorySource(int states, CompressedStore.Session session, Arena arena, Compactor compactor) {
        this.states = states;
        this.session = session;
        this.arena = arena;
        this.compactor = compactor;
    }

    @Override
    public int states() {
        return states;
    }

    @Override
    public int copy(long word, int slot, ByteBuffer destination) {
        return session.copy(word, slot, destination);
    }

    @Override
    public boolean free(long word, int slot) {
        return session.free(word, slot);
    }

    @Override
    public long usedBytes() {
        return arena.usedBytes();
    }

    @Override
    public long limitBytes() {
        return arena.limitBytes();
    }

    @Override
    public boolean isShort() {
        return arena.isReserveShort();
    }

    /** Tells the compactor, because pages that leave make gaps. */
    @Override
    public void pagesLeft() {
        compactor.wake();
    }

    @Override
    public void close() {
        session.close();
    }
}
