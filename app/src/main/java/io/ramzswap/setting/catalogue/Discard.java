package io.ramzswap.setting.catalogue;

import java.util.Locale;

/** What the kernel tells of slots it no longer needs. Source: swapon(8), {@code --discard}. */
public enum Discard {
    /** Nothing: what was swapped out once takes memory until it is swapped out anew. */
    NONE,
    /** All slots at swapon, later none. */
    ONCE,
    /** Slots as they become free, a cluster at a time. */
    PAGES,
    /** {@link #ONCE} and {@link #PAGES}. */
    BOTH;

    /** As the configuration names it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
