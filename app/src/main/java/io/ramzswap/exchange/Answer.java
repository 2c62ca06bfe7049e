package io.ramzswap.exchange;

/**
 * An answer to a client.
 *
 * @param bytes as they are sent
 * @param isLast whether the server hangs up after it; otherwise the client may send its next request
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Answer(byte[] bytes, boolean isLast) {
    /** An answer after which the client may go on. */
    public static Answer of(byte[] bytes) {
        return new Answer(bytes, false);
    }

    /** An answer after which the server hangs up. */
    public static Answer last(byte[] bytes) {
        return new Answer(bytes, true);
    }
}
