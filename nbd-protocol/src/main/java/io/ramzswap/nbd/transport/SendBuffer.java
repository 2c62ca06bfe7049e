package io.ramzswap.nbd.transport;

import java.nio.ByteBuffer;

/**
 * Answers that wait to be sent together. Confined to one thread.
 *
 * <p>Once sending has failed the buffer is {@linkplain #isBroken broken}: it still takes answers, and drops them.
 */
public final class SendBuffer {
    private final ByteBuffer buffer;
    private Transport transport;
    private int end;
    /** The end of the bytes already sent; at most {@link #end}. */
    private int sent;

    private boolean broken;

    /** An empty buffer of its own direct memory, for {@link #connect} to be given a client. */
    public SendBuffer(int capacityBytes) {
        buffer = ByteBuffer.allocateDirect(capacityBytes);
    }

    /** Forgets everything and sends to {@code client} from here on. */
    public void connect(Transport client) {
        transport = client;
        end = 0;
        sent = 0;
        broken = false;
    }

    /** The memory; big-endian. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** The most that {@link #reserve} can give. */
    public int capacity() {
        return buffer.capacity();
    }

    /**
     * Makes room, sending what waits if need be.
     *
     * @param length up to {@link #capacity}
     * @return where in {@link #buffer} to write; nothing is sent before {@link #commit}
     */
    public int reserve(int length) {
        if (buffer.capacity() - end < length) {
            flush();
        }
        return end;
    }

    /** Tells that {@code length} bytes were written where {@link #reserve} said. */
    public void commit(int length) {
        end += length;
    }

    /**
     * Sends what waits.
     *
     * @return false when the client can no longer be reached
     */
    public boolean flush() {
        push();
        end = 0;
        sent = 0;
        return !broken;
    }

    /** Sends what waits, and leaves a place that was reserved since where it is: there may be long to wait for the rest. */
    public void push() {
        final int from = sent;
        sent = end;
        if (!broken && from < end) {
            broken = !transport.write(buffer, from, end - from);
        }
    }

    /** Whether the client can no longer be reached. */
    public boolean isBroken() {
        return broken;
    }
}
