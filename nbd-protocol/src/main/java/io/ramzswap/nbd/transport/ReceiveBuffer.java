package io.ramzswap.nbd.transport;

import java.nio.ByteBuffer;

/**
 * The bytes that a client has sent and that are not handled yet. Confined to one thread.
 *
 * <pre>
 *  0         start               end          capacity
 * +---------+-------------------+------------+
 * | handled |     available     |    free    |
 * +---------+-------------------+------------+
 * </pre>
 */
public final class ReceiveBuffer {
    private final ByteBuffer buffer;
    private int start;
    private int end;

    /** An empty buffer of its own direct memory. */
    public ReceiveBuffer(int capacityBytes) {
        buffer = ByteBuffer.allocateDirect(capacityBytes);
    }

    /** The memory; big-endian. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** The position in {@link #buffer} of the first available byte. */
    public int start() {
        return start;
    }

    /** Bytes not handled yet. */
    public int available() {
        return end - start;
    }

    /** The most that {@link #available} can become. */
    public int capacity() {
        return buffer.capacity();
    }

    /** Tells that the first {@code count} available bytes are handled. */
    public void consume(int count) {
        start += count;
    }

    /**
     * Waits for more bytes.
     *
     * @return false when none will come, or there is no room for any
     */
    public boolean fill(Transport transport) {
        moveToFront();
        if (end == buffer.capacity()) {
            return false;
        }
        final int count = transport.read(buffer, end, buffer.capacity() - end);
        if (count <= 0) {
            return false;
        }
        end += count;
        return true;
    }

    /** Forgets everything, to be used for another client. */
    public void clear() {
        start = 0;
        end = 0;
    }

    /** Takes what {@code other} has available, all of it. */
    public void takeFrom(ReceiveBuffer other) {
        moveToFront();
        final int count = other.available();
        buffer.put(end, other.buffer, other.start, count);
        end += count;
        other.clear();
    }

    // What is left is less than one header and one block, so moving it costs next to nothing.
    private void moveToFront() {
        if (start > 0) {
            final int count = end - start;
            if (count > 0) {
                buffer.put(0, buffer, start, count);
            }
            start = 0;
            end = count;
        }
    }
}
