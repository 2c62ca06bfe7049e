package io.ramzswap.backing;

/**
 * How a backing swap is used.
 *
 * @param encrypted whether pages are encrypted before they go to the disk
 */
public record BackingOptions(boolean encrypted) {
    /** What a backing swap has when nothing is said. */
    public static final BackingOptions DEFAULT = new BackingOptions(true);
}
