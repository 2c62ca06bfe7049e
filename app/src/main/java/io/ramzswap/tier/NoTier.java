package io.ramzswap.tier;

import java.nio.ByteBuffer;

/** Stands where a word names a tier that the chain does not have: the word is damaged. */
enum NoTier implements TierSession {
    INSTANCE;

    @Override
    public long store(int slot, ByteBuffer source, int position, int maxBytes) {
        return REFUSED;
    }

    @Override
    public Outcome load(long word, int slot, ByteBuffer destination, int position) {
        return Outcome.CORRUPT;
    }

    @Override
    public void done() {}

    @Override
    public boolean free(long word, int slot) {
        return false;
    }

    @Override
    public int bytes(long word) {
        return 0;
    }

    @Override
    public void close() {}
}
