package io.ramzswap.writeback;

/**
 * The limits of write-back. A page for which memory has no room goes to the disk all the same.
 *
 * @param bytesPerHour most that is written in an hour, by orders too; 0 for any
 * @param leastIdleSeconds a page that was used less long ago stays, unless an order says otherwise
 * @param hugeOnly whether pages that compress to half stay, unless an order says otherwise
 */
public record WriteBackLimits(long bytesPerHour, long leastIdleSeconds, boolean hugeOnly) {
    /** No limits. */
    public static final WriteBackLimits NONE = new WriteBackLimits(0, 0, false);
}
