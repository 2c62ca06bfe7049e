package io.ramzswap.nbd;

import io.ramzswap.nbd.transport.Transport;
import java.nio.ByteBuffer;
import java.util.Random;

/** Bytes that come in pieces of random length; counts what goes the other way. */
public final class ScriptedClient implements Transport {
    private final byte[] bytes;
    private final Random random;
    private int at;
    private long sent;
    private boolean closed;

    public ScriptedClient(byte[] bytes, Random random) {
        this.bytes = bytes;
        this.random = random;
    }

    @Override
    public int read(ByteBuffer buffer, int position, int length) {
        if (at == bytes.length) {
            return ENDED;
        }
        final int most = Math.min(length, bytes.length - at);
        final int count = random.nextBoolean() ? most : 1 + random.nextInt(most);
        buffer.put(position, bytes, at, count);
        at += count;
        return count;
    }

    @Override
    public boolean write(ByteBuffer buffer, int position, int length) {
        sent += length;
        return true;
    }

    @Override
    public void deadlineAfter(long millis) {
        // Nobody waits here.
    }

    @Override
    public void shutdown() {
        at = bytes.length;
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Bytes that the server sent. */
    public long sentToIt() {
        return sent;
    }

    /** Whether the server has closed the connection. */
    public boolean isClosed() {
        return closed;
    }
}
