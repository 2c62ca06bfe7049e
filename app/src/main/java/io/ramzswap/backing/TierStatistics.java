package io.ramzswap.backing;

/**
 * What moves between memory and a backing swap, in figures.
 *
 * @param layout the label of the {@link BackingLayout}; empty where there is no backing swap
 * @param encrypted whether pages are encrypted there
 * @param compressedBytes what the pages on it take there, without what checks them
 * @param writtenBackPages pages moved there because nobody used them, or because somebody asked for it
 * @param broughtBackPages pages moved to memory because they were used again
 * @param writtenBytes all that was sent to it, cleaning and whole pages' rests included
 * @param cleanedBytes of it, what was on it already, and was copied to make a segment free
 * @param segments the segments of its log
 * @param freeSegments of them, those that nothing is in
 * @param budgetBytes most that is written back in an hour; 0 for any
 * @param budgetLeftBytes of it, what is left of this hour; 0 where there is none
 * @param usedInMinutePages pages in memory that were used within a minute
 * @param usedInTenMinutesPages within ten minutes, but not one
 * @param usedInHourPages within an hour, but not ten minutes
 * @param unusedPages longer ago
 */
public record TierStatistics(
        String layout,
        boolean encrypted,
        long compressedBytes,
        long writtenBackPages,
        long broughtBackPages,
        long writtenBytes,
        long cleanedBytes,
        long segments,
        long freeSegments,
        long budgetBytes,
        long budgetLeftBytes,
        long usedInMinutePages,
        long usedInTenMinutesPages,
        long usedInHourPages,
        long unusedPages) {
    /** The figures where there is no backing swap. */
    public static final TierStatistics NONE = of("", false);

    /** Figures of a backing swap to and from which nothing moves. */
    public static TierStatistics of(String layout, boolean encrypted) {
        return new TierStatistics(layout, encrypted, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Whether pages are moved. */
    public boolean isMoving() {
        return segments > 0;
    }
}
