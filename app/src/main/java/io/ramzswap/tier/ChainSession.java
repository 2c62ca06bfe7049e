package io.ramzswap.tier;

import io.ramzswap.table.PageWord;
import java.nio.ByteBuffer;

/**
 * One thread's use of a {@link Chain}.
 *
 * <p>A page goes to the first tier that takes it. Tiers that do not wait are asked first, by {@link #storeAtOnce}; when none of
 * them took it the caller puts the slot in flight, frees what was there, and asks {@link #store}, which asks them all.
 */
public final class ChainSession implements AutoCloseable {
    /** Slot 0, the swap header, stays in a tier that gives it back at once. */
    private static final int HEADER_SLOT = 0;

    private final Chain chain;
    private final Ledger ledger;
    private volatile ChainView view;

    ChainSession(Chain chain, Ledger ledger, ChainView view) {
        this.chain = chain;
        this.ledger = ledger;
        this.view = view;
    }

    ChainView view() {
        return view;
    }

    /** Uses the chain as it is now. From any thread. */
    void show(ChainView changed) {
        view = changed;
    }

    /** Notes that a slot is used, as {@link Usage#touch}. */
    public int touch(int slot) {
        return view.usage.touch(slot);
    }

    /** Whether the page of this word should go back to the fastest tier, as {@link Usage#isWelcome}. */
    public boolean isWelcome(long word, int age) {
        return view.usage.isWelcome(word, age);
    }

    /** Whether {@link #store} may wait for this slot's page. */
    public boolean mayWait(int slot) {
        return view.slow.length > 0 && slot != HEADER_SLOT;
    }

    /**
     * Offers a page to the tiers that do not wait.
     *
     * @param now by {@link System#nanoTime}
     * @return its word, or {@link TierSession#REFUSED}
     */
    public long storeAtOnce(int slot, ByteBuffer source, int position, long now) {
        ChainView current = view;
        int most = slot == HEADER_SLOT ? Tier.ANY_BYTES : current.mostBytesAtOnce;
        long word = storeAtOnce(current, slot, source, position, most);
        if (word == TierSession.REFUSED && most != Tier.ANY_BYTES && !current.next.isWilling(now)) {
            word = storeAtOnce(current, slot, source, position, Tier.ANY_BYTES);
        }
        return word;
    }

    /** Offers a page to the tiers that do not wait, whatever it takes. Returns its word, or {@link TierSession#REFUSED}. */
    public long storeAtOnce(int slot, ByteBuffer source, int position) {
        return storeAtOnce(view, slot, source, position, Tier.ANY_BYTES);
    }

    private static long storeAtOnce(ChainView view, int slot, ByteBuffer source, int position, int most) {
        for (TierSession tier : view.quick) {
            long word = tier.store(slot, source, position, most);
            if (word != TierSession.REFUSED) {
                return word;
            }
        }
        return TierSession.REFUSED;
    }

    /**
     * Offers a page that {@link #storeAtOnce} refused to all tiers. The slot is in flight, and what it held is freed: that may be
     * just the room that was lacking.
     *
     * @return its word, or {@link TierSession#REFUSED}
     */
    public long store(int slot, ByteBuffer source, int position) {
        ChainView current = view;
        boolean maySlow = slot != HEADER_SLOT && current.slow.length > 0;
        long word = TierSession.REFUSED;
        if (!maySlow || current.mostBytesAtOnce == Tier.ANY_BYTES) {
            word = storeAtOnce(current, slot, source, position, Tier.ANY_BYTES);
        }
        if (word == TierSession.REFUSED && maySlow) {
            word = storeSlowly(current, slot, source, position);
        }
        return word;
    }

    private long storeSlowly(ChainView current, int slot, ByteBuffer source, int position) {
        for (TierSession tier : current.slow) {
            long word = tier.store(slot, source, position, Tier.ANY_BYTES);
            ledger.sent(word != TierSession.REFUSED);
            if (word != TierSession.REFUSED) {
                return word;
            }
        }
        // Memory may have been freed while the slow tiers made up their minds.
        return storeAtOnce(current, slot, source, position, Tier.ANY_BYTES);
    }

    /** Whether the page of this word is given back under the slot's lock; also where the word names no tier. */
    public boolean isGivenBackLocked(long word) {
        return PageWord.isIn(view.lockedStates, word);
    }

    /** The tier of a word. One that the chain does not have has nothing: the word is damaged. */
    public TierSession at(long word) {
        return view.byState[PageWord.state(word)];
    }

    @Override
    public void close() {
        chain.close(this);
        view.links.forEach(link -> link.session().close());
    }
}
