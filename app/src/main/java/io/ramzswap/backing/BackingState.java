package io.ramzswap.backing;

/** How a backing swap is. */
public enum BackingState {
    /** There is none. */
    NONE("none"),
    /** It does what it is asked. */
    HEALTHY("healthy"),
    /** The last page that was read could not be had from it. Other pages may be well. */
    UNREADABLE("unreadable"),
    /** The last page written was refused. Memory takes what it has room for; now and then a page is tried again. */
    UNWRITABLE("unwritable"),
    /** It has no place for another page. Memory takes what it has room for. */
    FULL("full"),
    /** Some request has waited for long. Memory takes what it has room for. */
    STALLED("stalled"),
    /** What writes to it has died of a mistake of ours. What lies there can be read; memory takes what it has room for. */
    BROKEN("broken");

    private final String label;

    BackingState(String label) {
        this.label = label;
    }

    /** What the statistics call it. */
    public String label() {
        return label;
    }
}
