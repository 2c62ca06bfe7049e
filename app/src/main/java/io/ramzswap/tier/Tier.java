package io.ramzswap.tier;

/**
 * A place for pages: memory, other hosts, a disk. Thread-safe.
 *
 * <p>A tier makes the {@linkplain io.ramzswap.table.PageWord words} of the pages that it takes. Each state of a word belongs to
 * one tier of a {@link Chain}, so the word of a page says which tier has it.
 */
public interface Tier extends AutoCloseable {
    /** For {@link TierSession#store}: whatever the page takes. */
    int ANY_BYTES = Integer.MAX_VALUE;

    /** The states of the words that this tier makes: a set with bit {@code 1 << state} for each. */
    int states();

    /**
     * Whether taking a page or giving one back may wait, for a disk or for another host. Such a tier takes a page only for a slot
     * that is in flight, and gives it back without the slot's lock. Any other gives it back under the lock, and at once.
     */
    boolean waits();

    /**
     * A page that compresses to more bytes than this goes to this tier at once, while it is {@linkplain #isWilling willing},
     * though faster ones may have room: {@link #ANY_BYTES} if there is no such page.
     */
    int mostBytesAbove();

    /**
     * Whether pages should be sent here that a faster tier could take as well.
     *
     * @param now by {@link System#nanoTime}
     */
    boolean isWilling(long now);

    /** The memory that the tier takes to know what lies where. */
    long bytes();

    /** Opens it for one thread. */
    TierSession open();

    /** Forgets what is needed to give pages back. No session is open any more. */
    @Override
    void close();
}
