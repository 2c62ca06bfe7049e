package io.ramzswap.backing;

/**
 * A log in figures.
 *
 * @param segmentBytes the size of a segment
 * @param segments how many there are
 * @param freeSegments how many of them nothing is in
 * @param liveBytes what pages take of the others
 * @param writtenBytes what was written to the disk since the start, all of it
 * @param cleanedBytes of it, objects that were there already, and were copied so that their segments became free
 * @param batches the writes it took
 */
public record LogStatistics(
        int segmentBytes,
        int segments,
        int freeSegments,
        long liveBytes,
        long writtenBytes,
        long cleanedBytes,
        long batches) {
    /** The figures of a layout that has none of it. */
    public static final LogStatistics NONE = new LogStatistics(0, 0, 0, 0, 0, 0, 0);
}
