package io.ramzswap.attach;

import io.ramzswap.notify.SwapStatistics;
import io.ramzswap.refusal.OperationException;
import java.util.Optional;

/** A store that can be reached by its users. Thread-safe. */
public interface Attachment {
    /**
     * Keeps new users away, as far as they can be, if there are none now.
     *
     * @throws OperationException BUSY if somebody uses it, or if that cannot be found out; nothing has changed
     */
    Permit reserve() throws OperationException;

    /**
     * Sends a read of our own through a connection like the users', and returns once it is answered, be it with an error: a
     * stall is told from idleness by that. Counted as any read. Without effect on an attachment that has no such connection,
     * or is detached.
     *
     * @throws OperationException if the connection has broken
     */
    default void probe() throws OperationException {}

    /** What the kernel says of the device, if it is one of the kernel's. */
    default Optional<SwapStatistics> swapStatistics() {
        return Optional.empty();
    }

    /**
     * Nobody used the device when it was looked at, and nobody can begin to: with a block device of the kernel's, make it swap
     * or mount it. The kernel lets a program open that all the same; one that does so now reads and writes in vain after the
     * detach. For the thread that got it.
     */
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
