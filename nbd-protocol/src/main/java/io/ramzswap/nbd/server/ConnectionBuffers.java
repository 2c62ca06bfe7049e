package io.ramzswap.nbd.server;

import io.ramzswap.nbd.handshake.Handshake;
import io.ramzswap.nbd.transport.ReceiveBuffer;
import io.ramzswap.nbd.transport.SendBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The buffers of connections, kept for the next client when one has gone: direct memory comes back only when the heap is
 * collected, and ours hardly ever is. There are never more of them than connections at one time.
 */
final class ConnectionBuffers {
    /** One connection's buffers. */
    record Pair(ReceiveBuffer in, SendBuffer out) {}

    private final Deque<Pair> handshakePairs = new ArrayDeque<>();
    private final Deque<Pair> transmissionPairs = new ArrayDeque<>();
    private final ServerOptions options;

    ConnectionBuffers(ServerOptions options) {
        this.options = options;
    }

    /** Small ones, so that strangers cost little. */
    Pair takeForHandshake() {
        return take(handshakePairs, Handshake.MINIMUM_BUFFER_BYTES, Handshake.MINIMUM_BUFFER_BYTES);
    }

    Pair takeForTransmission() {
        return take(transmissionPairs, options.receiveBufferBytes(), options.sendBufferBytes());
    }

    synchronized void giveBackFromHandshake(Pair pair) {
        handshakePairs.push(pair);
    }

    synchronized void giveBackFromTransmission(Pair pair) {
        transmissionPairs.push(pair);
    }

    private synchronized Pair take(Deque<Pair> pairs, int receiveBytes, int sendBytes) {
        final Pair pair =
                pairs.isEmpty() ? new Pair(new ReceiveBuffer(receiveBytes), new SendBuffer(sendBytes)) : pairs.pop();
        pair.in().clear();
        return pair;
    }
}
