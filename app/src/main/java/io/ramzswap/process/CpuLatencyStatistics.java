package io.ramzswap.process;

/**
 * What Linux is asked for while requests follow one another closely.
 *
 * @param micros how long idle processors may take to wake; {@link #NO_LIMIT} where nothing is asked for
 * @param asked how many times it was, since the daemon started
 */
public record CpuLatencyStatistics(int micros, long asked) {
    /** As long as they like. */
    public static final int NO_LIMIT = -1;

    /** Nothing is asked for. */
    public static final CpuLatencyStatistics NONE = new CpuLatencyStatistics(NO_LIMIT, 0);
}
