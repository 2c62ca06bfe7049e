package io.ramzswap.notify.trace;

import java.nio.ByteBuffer;

/**
 * Takes a sub-buffer of the kernel's ring buffer apart. All fields are in the kernel's byte order. Source:
 * include/linux/ring_buffer.h and kernel/trace/ring_buffer.c of Linux.
 *
 * <pre>
 *   sub-buffer:  timestamp u64 | commit u64 | events | missed events u64, if stored
 *                commit: bytes of events in bits 26..0; bit 30 missed events are stored, bit 31 events were missed
 *
 *   event:   4..0        31..5
 *          +-----------+------------+---------------------
 *          | type      | time delta | ...
 *          +-----------+------------+---------------------
 *            1..28                    record of 4 * type bytes
 *            0                        length u32, its own four bytes included | record
 *            29 padding               length u32 likewise | nothing of interest; without a delta: up to the end
 *            30 time extend           u32: high bits of the delta
 *            31 time stamp            u32: high bits of the time, but for its five highest
 * </pre>
 *
 * <p>A delta counts from the event before, the first from the timestamp; a padding event's counts for nothing, as in the
 * kernel's own reader. A sub-buffer that contradicts itself is left at the contradiction: what follows counts as missed.
 */
public final class SubBuffer {
    /** Returned by {@link #decode} when events are missing and nobody knows how many. */
    public static final long MISSED_UNKNOWN = Long.MAX_VALUE;

    private static final int PADDING = 29;
    private static final int TIME_EXTEND = 30;
    private static final int TIME_STAMP = 31;
    private static final int TYPE_MASK = 31;
    private static final int DELTA_SHIFT = 5;
    private static final int DELTA_BITS = 27;
    private static final int HEADER_BYTES = 4;
    private static final int LENGTH_BYTES = 4;
    private static final long COMMIT_MASK = (1L << DELTA_BITS) - 1;
    private static final long MISSED_STORED = 1L << 30;
    private static final long MISSED = 1L << 31;
    private static final long STAMP_LOW_MASK = (1L << 59) - 1;

    private final SubBufferLayout layout;

    /** A decoder for this layout. */
    public SubBuffer(SubBufferLayout layout) {
        this.layout = layout;
    }

    /**
     * Gives the events to {@code sink}, the oldest first.
     *
     * @param bytes a whole sub-buffer from position 0, in native order
     * @return how many events were lost before these, or {@link #MISSED_UNKNOWN}
     */
    public long decode(ByteBuffer bytes, EventSink sink) {
        long commit = bytes.getLong(layout.commitOffset());
        int at = layout.dataOffset();
        long end = at + (commit & COMMIT_MASK);
        if (end > layout.bytes()) {
            return MISSED_UNKNOWN;
        }
        long time = bytes.getLong(layout.timestampOffset());
        while (at + HEADER_BYTES <= end) {
            int header = bytes.getInt(at);
            int type = header & TYPE_MASK;
            long delta = (header & 0xffff_ffffL) >>> DELTA_SHIFT;
            boolean hasWord = type == 0 || type >= PADDING;
            if (type == PADDING && delta == 0) {
                break;
            }
            if (hasWord && at + HEADER_BYTES + LENGTH_BYTES > end) {
                return MISSED_UNKNOWN;
            }
            long word = hasWord ? bytes.getInt(at + HEADER_BYTES) & 0xffff_ffffL : 0;
            long length = length(type, word);
            if (length < 0 || at + HEADER_BYTES + length > end) {
                return MISSED_UNKNOWN;
            }
            if (type == TIME_STAMP) {
                time = (((word << DELTA_BITS) | delta) & STAMP_LOW_MASK) | (time & ~STAMP_LOW_MASK);
            } else if (type == TIME_EXTEND) {
                time += (word << DELTA_BITS) | delta;
            } else if (type != PADDING) {
                time += delta;
                int record = at + HEADER_BYTES + (type == 0 ? LENGTH_BYTES : 0);
                sink.event(bytes, record, at + HEADER_BYTES + (int) length - record, time);
            }
            at += HEADER_BYTES + (int) length;
        }
        return missed(bytes, commit, (int) end);
    }

    /** Bytes behind the header, or -1. */
    private static long length(int type, long word) {
        return switch (type) {
            case 0, PADDING -> word < LENGTH_BYTES ? -1 : (word + 3) & ~3L;
            case TIME_EXTEND, TIME_STAMP -> LENGTH_BYTES;
            default -> 4L * type;
        };
    }

    private long missed(ByteBuffer bytes, long commit, int end) {
        if ((commit & MISSED) == 0) {
            return 0;
        }
        boolean stored = (commit & MISSED_STORED) != 0 && end + Long.BYTES <= layout.bytes();
        return stored ? bytes.getLong(end) : MISSED_UNKNOWN;
    }
}
