package io.ramzswap.tier;

/** Counts what goes to slower tiers. For one thread. */
public interface Ledger {
    /** A page, or a copy of one, was sent to a tier that waits, which took it or did not. */
    void sent(boolean taken);

    /** A page left a tier for a slower one. */
    void left(long word, long slowerWord, int slowerBytes);
}
