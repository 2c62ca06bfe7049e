package io.ramzswap.nbd.wire;

import java.nio.ByteBuffer;

/**
 * The header of a request when extended headers were negotiated. All but magic and length lie as in
 * {@link RequestDescriptor}.
 *
 * <pre>
 *  0          4     6     8               16              24              32
 * +----------+-----+-----+---------------+---------------+---------------+
 * |0x21e41c71|flags| type|    cookie     |    offset     |    length     |
 * +----------+-----+-----+---------------+---------------+---------------+
 * </pre>
 *
 * <p>Source: NBD protocol document, branch extension-ext-header, "Request message".
 */
public final class ExtendedRequestDescriptor {
    /** Begins every extended request. */
    public static final int MAGIC = 0x21e41c71;
    /** Bytes of the header. */
    public static final int LENGTH = 32;

    private static final int LENGTH_OFFSET = 24;

    private ExtendedRequestDescriptor() {}

    /** Whether an extended request begins at {@code index}. */
    public static boolean hasMagic(ByteBuffer buffer, int index) {
        return buffer.getInt(index) == MAGIC;
    }

    /** Bytes of the range or of the payload, unsigned. */
    public static long length(ByteBuffer buffer, int index) {
        return buffer.getLong(index + LENGTH_OFFSET);
    }
}
