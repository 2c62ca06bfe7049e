package io.ramzswap.nbd.transmission;

/** The wire format of replies: one implementation for each form that a client can negotiate. */
interface Replies {
    /** Answers a request that has no data in its reply. */
    void done(Request request, int error);

    /**
     * Answers a READ that {@link RequestRules} took.
     *
     * @return false when an error was found too late to be told: the connection has to end at once
     */
    boolean read(Request request);

    /** Answers a BLOCK_STATUS that {@link RequestRules} took. */
    void blockStatus(Request request);
}
