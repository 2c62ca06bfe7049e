package io.ramzswap.nbd.wire;

import java.nio.ByteBuffer;

/**
 * The header of an option that a client sends; {@code length} bytes of data follow.
 *
 * <pre>
 *  0                8       12      16
 * +----------------+-------+-------+---------
 * |   "IHAVEOPT"   | option| length| data ...
 * +----------------+-------+-------+---------
 * </pre>
 *
 * <p>Source: NBD protocol document, "Fixed newstyle negotiation".
 */
public final class OptionRequestDescriptor {
    /** Bytes before the data. */
    public static final int LENGTH = 16;

    private static final int OPTION_OFFSET = 8;
    private static final int LENGTH_OFFSET = 12;

    private OptionRequestDescriptor() {}

    /** Whether an option header begins at {@code index}. */
    public static boolean hasMagic(ByteBuffer buffer, int index) {
        return buffer.getLong(index) == GreetingDescriptor.OPTION_MAGIC;
    }

    /** One of {@link Option}, or a number not known. */
    public static int option(ByteBuffer buffer, int index) {
        return buffer.getInt(index + OPTION_OFFSET);
    }

    /** Bytes of data that follow: 0 to 2<sup>32</sup>-1. */
    public static long dataLength(ByteBuffer buffer, int index) {
        return Integer.toUnsignedLong(buffer.getInt(index + LENGTH_OFFSET));
    }
}
