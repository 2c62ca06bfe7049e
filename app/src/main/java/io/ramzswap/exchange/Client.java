package io.ramzswap.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/** A client whose channel never blocks. For one thread at a time. */
final class Client {
    private static final int FIRST_BYTES = 512;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final int mostBytes;
    private ByteBuffer received = ByteBuffer.allocate(FIRST_BYTES);
    private ByteBuffer unsent = NOTHING;
    private boolean leaving;
    private boolean ended;
    private long waitingSince;

    /** For requests of at most {@code mostBytes}. */
    Client(SocketChannel channel, int mostBytes) {
        this.channel = channel;
        this.mostBytes = mostBytes;
    }

    /** Takes what has come, as far as there is room for it. */
    void receive() throws IOException {
        if (leaving) {
            // Only its end is of interest: closing with bytes unread could take the answer from the client.
            received.clear();
        } else if (!received.hasRemaining() && received.capacity() < mostBytes) {
            received = ByteBuffer.allocate(Math.min(mostBytes, 4 * received.capacity()))
                    .put(received.flip());
        }
        ended |= received.hasRemaining() && channel.read(received) < 0;
    }

    /** Returns the length of the first request that came, or 0 while it is not whole. */
    int requestLength(Service service) {
        return service.requestLength(received.array(), received.position());
    }

    /** Takes the first so many bytes of what came. */
    byte[] take(int length) {
        final byte[] request = Arrays.copyOf(received.array(), length);
        received.flip().position(length);
        received = received.remaining() > 0
                ? received.compact()
                // A long request leaves no memory behind.
                : ByteBuffer.allocate(FIRST_BYTES);
        return request;
    }

    /** Gives it an answer, which {@link #send} sends. */
    void give(Answer answer) {
        unsent = ByteBuffer.wrap(answer.bytes());
        leaving = answer.isLast();
    }

    /** Sends as much of the answer as the client takes now. */
    void send() throws IOException {
        if (unsent.hasRemaining()) {
            channel.write(unsent);
        }
        if (!unsent.hasRemaining()) {
            unsent = NOTHING;
            if (leaving && !ended) {
                channel.shutdownOutput();
            }
        }
    }

    /** Whether a part of the answer is not sent. */
    boolean hasUnsent() {
        return unsent.hasRemaining();
    }

    /** Whether it was given its last answer. */
    boolean isLeaving() {
        return leaving;
    }

    /** Whether it has closed its end, and everything it sent was taken. */
    boolean hasEnded() {
        return ended;
    }

    /** Whether it is in the middle of a request. */
    boolean hasBegun() {
        return received.position() > 0;
    }

    /** Whether no more of a request fits. */
    boolean isFull() {
        return received.position() == mostBytes;
    }

    /** Memory that it holds. */
    int bytes() {
        return received.capacity() + unsent.capacity();
    }

    /** Begins to wait for it. */
    void waitSince(long nanoTime) {
        waitingSince = nanoTime;
    }

    long waitingSince() {
        return waitingSince;
    }

    SocketChannel channel() {
        return channel;
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
