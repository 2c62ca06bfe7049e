package io.ramzswap.backing;

/**
 * How a backing swap is used.
 *
 * @param layout how pages lie there
 * @param encrypted whether they are encrypted before they go there
 */
public record BackingOptions(BackingLayout layout, boolean encrypted) {
    /** What a backing swap has when nothing is said. */
    public static final BackingOptions DEFAULT = new BackingOptions(BackingLayout.LOG, true);
}
