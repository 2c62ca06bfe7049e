package io.ramzswap.notify.trace;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes a sub-buffer as the kernel does. */
public final class TestSubBuffer {
    public static final SubBufferLayout LAYOUT = new SubBufferLayout(0, 8, 16, 4096);

    private static final int DELTA_BITS = 27;
    private static final long MOST_DELTA = (1L << DELTA_BITS) - 1;
    private static final long MISSED = 1L << 31;
    private static final long MISSED_STORED = 1L << 30;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(LAYOUT.bytes()).order(ByteOrder.nativeOrder());
    private long time;
    private int at = LAYOUT.dataOffset();

    /** Begins one at this time. */
    public TestSubBuffer(long time) {
        this.time = time;
        bytes.putLong(LAYOUT.timestampOffset(), time);
    }

    /** Adds an event with the record's length in its header: four bytes to 112. */
    public TestSubBuffer event(long eventTime, byte[] record) {
        return event(eventTime, ByteBuffer.wrap(record));
    }

    /** As the other one, with all of a buffer. */
    public TestSubBuffer event(long eventTime, ByteBuffer record) {
        header(record.capacity() / 4, delta(eventTime));
        bytes.put(at, record, 0, record.capacity());
        at += record.capacity();
        return this;
    }

    /** Adds an event with a length word, as long ones have it. */
    public TestSubBuffer longEvent(long eventTime, byte[] record) {
        header(0, delta(eventTime));
        bytes.putInt(at, record.length + 4).put(at + 4, record);
        at += 4 + (record.length + 3) / 4 * 4;
        return this;
    }

    /** Adds what stands where an event was discarded. Its delta counts for nothing. */
    public TestSubBuffer padding(int length, int delta) {
        header(29, delta);
        bytes.putInt(at, length);
        at += length;
        return this;
    }

    /** Sets the time, but for its five highest bits. */
    public TestSubBuffer absolute(long newTime) {
        header(31, newTime & MOST_DELTA);
        bytes.putInt(at, (int) (newTime >>> DELTA_BITS));
        at += 4;
        time = newTime;
        return this;
    }

    /** Four bytes as they come. */
    public TestSubBuffer word(int word) {
        bytes.putInt(at, word);
        at += 4;
        return this;
    }

    private long delta(long eventTime) {
        long delta = eventTime - time;
        time = eventTime;
        if (delta <= MOST_DELTA) {
            return delta;
        }
        header(30, delta & MOST_DELTA);
        bytes.putInt(at, (int) (delta >>> DELTA_BITS));
        at += 4;
        return 0;
    }

    private void header(int type, long delta) {
        bytes.putInt(at, (int) (delta << 5) | type);
        at += 4;
    }

    /** Whether there is room for an event of so many bytes and what may come with it. */
    public boolean hasRoom(int length) {
        return at + length + 24 <= LAYOUT.bytes();
    }

    /** The whole of it. */
    public ByteBuffer bytes() {
        bytes.putLong(LAYOUT.commitOffset(), at - LAYOUT.dataOffset());
        return bytes;
    }

    /** The whole of it, with so many events missed before; negative for nobody knows how many. */
    public ByteBuffer bytesAfterMissing(long events) {
        int length = at - LAYOUT.dataOffset();
        if (events >= 0) {
            bytes.putLong(at, events);
        }
        bytes.putLong(LAYOUT.commitOffset(), length | MISSED | (events >= 0 ? MISSED_STORED : 0));
        return bytes;
    }
}
