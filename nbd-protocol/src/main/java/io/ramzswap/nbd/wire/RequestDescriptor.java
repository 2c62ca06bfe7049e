package io.ramzswap.nbd.wire;

import java.nio.ByteBuffer;

/**
 * The header of a request; the payload follows that of a WRITE.
 *
 * <pre>
 *  0          4     6     8               16              24        28
 * +----------+-----+-----+---------------+---------------+---------+
 * |0x25609513|flags| type|    cookie     |    offset     |  length |
 * +----------+-----+-----+---------------+---------------+---------+
 * </pre>
 *
 * <p>Source: NBD protocol document, "Request message".
 */
public final class RequestDescriptor {
    /** Begins every request. */
    public static final int MAGIC = 0x25609513;
    /** Bytes of the header. */
    public static final int LENGTH = 28;

    private static final int FLAGS_OFFSET = 4;
    private static final int TYPE_OFFSET = 6;
    private static final int COOKIE_OFFSET = 8;
    private static final int OFFSET_OFFSET = 16;
    private static final int LENGTH_OFFSET = 24;

    private RequestDescriptor() {}

    /** Whether a request begins at {@code index}. */
    public static boolean hasMagic(ByteBuffer buffer, int index) {
        return buffer.getInt(index) == MAGIC;
    }

    /** {@link CommandFlag} bits, and maybe others. */
    public static int flags(ByteBuffer buffer, int index) {
        return Short.toUnsignedInt(buffer.getShort(index + FLAGS_OFFSET));
    }

    /** One of {@link Command}, or a number not known. */
    public static int type(ByteBuffer buffer, int index) {
        return Short.toUnsignedInt(buffer.getShort(index + TYPE_OFFSET));
    }

    /** The client's name for the request, given back in the reply. */
    public static long cookie(ByteBuffer buffer, int index) {
        return buffer.getLong(index + COOKIE_OFFSET);
    }

    /** The offset of the range, unsigned. */
    public static long offset(ByteBuffer buffer, int index) {
        return buffer.getLong(index + OFFSET_OFFSET);
    }

    /** Bytes of the range: 0 to 2<sup>32</sup>-1. */
    public static long length(ByteBuffer buffer, int index) {
        return Integer.toUnsignedLong(buffer.getInt(index + LENGTH_OFFSET));
    }

    /** Writes a header at {@code index}. */
    public static void put(ByteBuffer buffer, int index, int flags, int type, long cookie, long offset, int length) {
        buffer.putInt(index, MAGIC);
        buffer.putShort(index + FLAGS_OFFSET, (short) flags);
        buffer.putShort(index + TYPE_OFFSET, (short) type);
        buffer.putLong(index + COOKIE_OFFSET, cookie);
        buffer.putLong(index + OFFSET_OFFSET, offset);
        buffer.putInt(index + LENGTH_OFFSET, length);
    }
}
