package io.ramzswap.backing;

/** How pages lie on a {@link BackingSwap}, and what has to be known of them. Thread-safe. */
public interface BackingStore extends AutoCloseable {
    /** Opens it for the calling thread. */
    BackingSession open();

    /** The memory it takes to know what lies where. */
    long bytes();

    /** Forgets what is needed to restore pages. No session is open any more. The backing swap stays open. */
    @Override
    void close();
}
