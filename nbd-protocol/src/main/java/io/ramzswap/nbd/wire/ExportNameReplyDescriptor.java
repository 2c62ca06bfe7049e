package io.ramzswap.nbd.wire;

import java.nio.ByteBuffer;

/**
 * The answer to EXPORT_NAME, which has no header and cannot tell an error.
 *
 * <pre>
 *  0                8       10                   134
 * +----------------+-------+--------------------+
 * |      size      | flags |  zeroes, unless    |
 * |                |       |  NO_ZEROES         |
 * +----------------+-------+--------------------+
 * </pre>
 *
 * <p>Source: NBD protocol document, "NBD_OPT_EXPORT_NAME".
 */
public final class ExportNameReplyDescriptor {
    /** Length without the zeroes. */
    public static final int LENGTH = 10;
    /** Zeroes that follow unless the client asked to leave them out. */
    public static final int ZEROES = 124;

    private static final int FLAGS_OFFSET = 8;

    private ExportNameReplyDescriptor() {}

    /** Writes the reply, without zeroes, at {@code index}. */
    public static void put(ByteBuffer buffer, int index, long sizeBytes, int transmissionFlags) {
        buffer.putLong(index, sizeBytes);
        buffer.putShort(index + FLAGS_OFFSET, (short) transmissionFlags);
    }
}
