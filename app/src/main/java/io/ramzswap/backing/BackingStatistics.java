package io.ramzswap.backing;

/**
 * A backing swap in figures.
 *
 * @param path what the user called it; empty where there is none
 * @param state the label of a {@link BackingState}
 * @param numReads pages read from it, or tried
 * @param numWrites pages written to it, or tried
 * @param failedReads of {@code numReads}, those that it did not give
 * @param failedWrites of {@code numWrites}, those that it did not take
 * @param corruptReads of {@code numReads}, those that it gave back changed
 * @param pages pages that are on it
 * @param tiers what moves to it and from it
 */
public record BackingStatistics(
        String path,
        String state,
        long numReads,
        long numWrites,
        long failedReads,
        long failedWrites,
        long corruptReads,
        long pages,
        TierStatistics tiers) {
    /** The figures of a device without one. */
    public static final BackingStatistics NONE =
            new BackingStatistics("", BackingState.NONE.label(), 0, 0, 0, 0, 0, 0, TierStatistics.NONE);

    /** Whether there is one that takes pages now. */
    public boolean takesPages() {
        return isPresent()
                && (state.equals(BackingState.HEALTHY.label()) || state.equals(BackingState.UNREADABLE.label()));
    }

    /** Whether there is one. */
    public boolean isPresent() {
        return !path.isEmpty();
    }
}
