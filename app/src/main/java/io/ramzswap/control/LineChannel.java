package io.ramzswap.control;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Lines over a stream socket: bounded in length, and in the time that each may take. For one thread. */
final class LineChannel implements AutoCloseable {
    /** The longest line, its newline included. */
    static final int MAX_LINE_BYTES = 64 << 10;

    static final String TOO_LONG = "a line of more than " + MAX_LINE_BYTES + " bytes";
    static final String CUT_OFF = "a line that was cut off";
    static final String NOT_TEXT = "a line that is not UTF-8";

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private long timeoutNanos;

    /** What has come and was not handed out: from 0 to its position. */
    private final ByteBuffer received = ByteBuffer.allocate(MAX_LINE_BYTES);

    /** A line that the peer did not send to its end. */
    static final class CutOffException extends MalformedMessageException {
        private static final long serialVersionUID = 1L;

        CutOffException() {
            super(CUT_OFF);
        }
    }

    /** Takes over {@code channel}, and closes it even when this fails. */
    LineChannel(SocketChannel channel, int timeoutMillis) throws IOException {
        this.channel = channel;
        setTimeoutMillis(timeoutMillis);
        try {
            channel.configureBlocking(false);
            this.selector = Selector.open();
            this.key = channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Sets the time that each line from now on may take. */
    void setTimeoutMillis(int millis) {
        timeoutNanos = TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /**
     * The next line without its newline, or empty if the peer has closed its end before another one began.
     *
     * @throws SocketTimeoutException if the line is not whole in time
     * @throws CutOffException if the peer has closed its end in the middle of it
     * @throws MalformedMessageException if it is too long, or not UTF-8
     */
    Optional<String> readLine() throws IOException {
        long deadlineNanos = System.nanoTime() + timeoutNanos;
        int searched = 0;
        while (true) {
            for (; searched < received.position(); searched++) {
                if (received.get(searched) == '\n') {
                    return Optional.of(take(searched));
                }
            }
            if (!received.hasRemaining()) {
                throw new MalformedMessageException(TOO_LONG);
            }
            await(SelectionKey.OP_READ, deadlineNanos);
            if (channel.read(received) < 0) {
                if (received.position() > 0) {
                    throw new CutOffException();
                }
                return Optional.empty();
            }
        }
    }

    /** Sends a line, and its newline. */
    void writeLine(String line) throws IOException {
        long deadlineNanos = System.nanoTime() + timeoutNanos;
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + '\n');
        while (channel.write(bytes) >= 0 && bytes.hasRemaining()) {
            await(SelectionKey.OP_WRITE, deadlineNanos);
        }
    }

    private String take(int length) throws MalformedMessageException {
        ByteBuffer line = received.duplicate().position(0).limit(length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(line).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedMessageException(NOT_TEXT, e);
        } finally {
            received.limit(received.position()).position(length + 1).compact();
        }
    }

    private void await(int operation, long deadlineNanos) throws IOException {
        key.interestOps(operation);
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        if (leftMillis <= 0 || selector.select(leftMillis) == 0) {
            throw new SocketTimeoutException(
                    "nothing for " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " milliseconds");
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
