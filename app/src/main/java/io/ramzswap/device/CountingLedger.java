package io.ramzswap.device;

import io.ramzswap.tier.Ledger;

/** Counts what goes to slower tiers in one thread's {@link Counters}. */
final class CountingLedger implements Ledger {
    private final Counters counters;
    private final PageCounts counts;

    CountingLedger(Counters counters) {
        this.counters = counters;
        this.counts = new PageCounts(counters);
    }

    @Override
    public void sent(boolean taken) {
        counters.add(Counter.BACKING_WRITES, 1);
        if (!taken) {
            counters.add(Counter.BACKING_FAILED_WRITES, 1);
        }
    }

    @Override
    public void left(long word, long slowerWord, int slowerBytes) {
        counts.add(word, -1, 0);
        counts.add(slowerWord, 1, slowerBytes);
        counters.add(Counter.WRITTEN_BACK, 1);
    }
}
