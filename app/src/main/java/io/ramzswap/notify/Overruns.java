package io.ramzswap.notify;

/** When to rest: after events were lost again and again, because the machine has better things to do. */
final class Overruns {
    /** Looks in a row that found events lost. */
    private static final int STRIKES = 100;

    private int strikes;

    /** Takes note of a look that found events lost, or did not. */
    void note(boolean missed) {
        strikes = missed ? strikes + 1 : 0;
    }

    /** Whether it is time to rest; asking starts the count anew. */
    boolean takeRest() {
        if (strikes < STRIKES) {
            return false;
        }
        strikes = 0;
        return true;
    }
}
