package io.ramzswap.frontswap;

/** A place for pages. Thread-safe. */
public interface Backend {
    /** Whether this backend made the words that have this {@linkplain io.ramzswap.table.PageWord#state state}. */
    boolean owns(int state);

    /** Opens it for the calling thread. */
    BackendSession open();
}
