package io.ramzswap.attach;

/** A store that can be reached by its users. Thread-safe. */
public interface Attachment {
    /**
     * Keeps new users away, if there are none now.
     *
     * @throws OperationException BUSY if somebody uses it; nothing has changed
     */
    Permit reserve() throws OperationException;

    /**
     * Sends a request of our own the way that users' requests go, and returns once it is answered: a stall is told from
     * idleness by that. Without effect on an attachment that has no way of its own to be seen stalled, or is detached.
     *
     * @throws OperationException if the answer was an error
     */
    default void probe() throws OperationException {}

    /** Nobody uses the device, and nobody can begin to. For the thread that got it. */
    interface Permit extends AutoCloseable {
        /**
         * Takes the store from where it can be reached; no request is under way when this returns.
         *
         * @throws OperationException if that failed; then it can still be reached
         */
        void detach() throws OperationException;

        /** Lets users in again, unless it was detached. */
        @Override
        void close();
    }
}
