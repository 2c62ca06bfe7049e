package io.ramzswap.backing.log;

import io.ramzswap.backing.AlignedMemory;

/**
 * Where the segments of a log are.
 *
 * @param segmentShift a segment's size is two to this power
 * @param segments how many there are
 */
record LogGeometry(int segmentShift, int segments) {
    /** The header of the area stays as it is. */
    private static final long FIRST = AlignedMemory.PAGE_BYTES;

    private static final int LEAST_SHIFT = 13;
    private static final int MOST_SHIFT = 20;
    /** So many segments at least, if they need not be smaller than they can. */
    private static final int SHARE_SHIFT = 8;

    /** The one for an area of this size. */
    static LogGeometry of(long areaBytes) {
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, areaBytes >> SHARE_SHIFT));
        int bounded = Math.max(LEAST_SHIFT, Math.min(MOST_SHIFT, shift));
        return new LogGeometry(bounded, (int) ((areaBytes - FIRST) >>> bounded));
    }

    /** Whether an object of {@code bytes} can lie at {@code place}: within one segment of the area. */
    boolean contains(long place, int bytes) {
        return place >= FIRST && segmentOf(place) < segments && offsetIn(place) + bytes <= segmentBytes();
    }

    int segmentBytes() {
        return 1 << segmentShift;
    }

    int segmentOf(long place) {
        return (int) Math.min((place - FIRST) >>> segmentShift, Integer.MAX_VALUE);
    }

    int offsetIn(long place) {
        return (int) (place - FIRST) & (segmentBytes() - 1);
    }

    long place(int segment, int offset) {
        return FIRST + ((long) segment << segmentShift) + offset;
    }
}
