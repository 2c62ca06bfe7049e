package io.ramzswap.nbd.wire;

import java.nio.ByteBuffer;

/**
 * The header of a simple reply; the data follows that of a READ without error.
 *
 * <pre>
 *  0          4         8               16
 * +----------+---------+---------------+
 * |0x67446698|  error  |    cookie     |
 * +----------+---------+---------------+
 * </pre>
 *
 * <p>Source: NBD protocol document, "Simple reply message".
 */
public final class SimpleReplyDescriptor {
    /** Begins every simple reply. */
    public static final int MAGIC = 0x67446698;
    /** Bytes of the header. */
    public static final int LENGTH = 16;

    private static final int ERROR_OFFSET = 4;
    private static final int COOKIE_OFFSET = 8;

    private SimpleReplyDescriptor() {}

    /** Writes a header at {@code index}. */
    public static void put(ByteBuffer buffer, int index, int error, long cookie) {
        buffer.putInt(index, MAGIC);
        buffer.putInt(index + ERROR_OFFSET, error);
        buffer.putLong(index + COOKIE_OFFSET, cookie);
    }

    /** Changes the error of a header that was written at {@code index}. */
    public static void putError(ByteBuffer buffer, int index, int error) {
        buffer.putInt(index + ERROR_OFFSET, error);
    }

    /** Whether a simple reply begins at {@code index}. */
    public static boolean hasMagic(ByteBuffer buffer, int index) {
        return buffer.getInt(index) == MAGIC;
    }

    /** The error of the request. */
    public static int error(ByteBuffer buffer, int index) {
        return buffer.getInt(index + ERROR_OFFSET);
    }

    /** The request's name, as its client gave it. */
    public static long cookie(ByteBuffer buffer, int index) {
        return buffer.getLong(index + COOKIE_OFFSET);
    }
}
