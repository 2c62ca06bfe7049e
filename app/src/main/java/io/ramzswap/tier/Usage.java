package io.ramzswap.tier;

/** Notes when pages are used, for a chain in which that decides where a page lies. Thread-safe. */
public interface Usage {
    /** For a chain in which pages stay where they were stored. */
    Usage UNKNOWN = new Usage() {
        @Override
        public int touch(int slot) {
            return 0;
        }

        @Override
        public boolean isWelcome(long word, int age) {
            return false;
        }
    };

    /** Notes that a slot is used. Returns how long it had not been, in ticks of {@link io.ramzswap.table.AccessAges}. */
    int touch(int slot);

    /**
     * Whether the fastest tier should take a page back that was used {@code age} ticks ago, and now again.
     *
     * @param word the page's, of a slower tier
     */
    boolean isWelcome(long word, int age);
}
