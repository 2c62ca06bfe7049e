package io.ramzswap.exchange;

/**
 * The limits of a server.
 *
 * @param requestBytes the longest request
 * @param waitingClients the most clients that have not sent a whole request, or not taken its answer
 * @param waitingBytes the most memory that they hold together
 * @param requests the most requests that are carried out at a time, each by a thread
 * @param idleMillis how long a client may take to send a request, or to take its answer
 */
public record Limits(int requestBytes, int waitingClients, int waitingBytes, int requests, int idleMillis) {
    /** The same limits with another time. */
    public Limits withIdleMillis(int millis) {
        return new Limits(requestBytes, waitingClients, waitingBytes, requests, millis);
    }
}
