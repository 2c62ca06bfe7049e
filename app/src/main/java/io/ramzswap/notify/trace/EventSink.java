package io.ramzswap.notify.trace;

import java.nio.ByteBuffer;

/** Takes the events of a ring buffer, one by one. */
public interface EventSink {
    /**
     * An event.
     *
     * @param record holds it; good until this returns
     * @param position where it begins, with its common fields
     * @param length of it, rounded up
     * @param time on the trace clock
     */
    void event(ByteBuffer record, int position, int length, long time);
}
