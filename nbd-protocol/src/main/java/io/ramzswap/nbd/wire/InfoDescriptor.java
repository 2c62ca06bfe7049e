package io.ramzswap.nbd.wire;

import java.nio.ByteBuffer;

/**
 * Data of the INFO replies to the options INFO and GO.
 *
 * <pre>
 *  0      2                10     12
 * +------+----------------+------+
 * |  0   |      size      | flags|            EXPORT
 * +------+----------------+------+
 *  0      2         6         10        14
 * +------+---------+---------+---------+
 * |  3   | minimum |preferred| maximum |      BLOCK_SIZE
 * +------+---------+---------+---------+
 *  0      2
 * +------+-----------
 * |  1,2 | UTF-8 ...                         NAME, DESCRIPTION
 * +------+-----------
 * </pre>
 *
 * <p>Source: NBD protocol document, "NBD_REP_INFO".
 */
public final class InfoDescriptor {
    /** Size and transmission flags. */
    public static final int EXPORT = 0;
    /** The export's canonical name. */
    public static final int NAME = 1;
    /** A description for people. */
    public static final int DESCRIPTION = 2;
    /** Block size constraints. */
    public static final int BLOCK_SIZE = 3;

    /** Bytes of an EXPORT info. */
    public static final int EXPORT_LENGTH = 12;
    /** Bytes of a BLOCK_SIZE info. */
    public static final int BLOCK_SIZE_LENGTH = 14;
    /** Bytes of the type, which begins every info. */
    public static final int TYPE_LENGTH = 2;

    private static final int SIZE_OFFSET = 2;
    private static final int FLAGS_OFFSET = 10;
    private static final int MINIMUM_OFFSET = 2;
    private static final int PREFERRED_OFFSET = 6;
    private static final int MAXIMUM_OFFSET = 10;

    private InfoDescriptor() {}

    /** Writes an EXPORT info at {@code index}. */
    public static void putExport(ByteBuffer buffer, int index, long sizeBytes, int transmissionFlags) {
        buffer.putShort(index, (short) EXPORT);
        buffer.putLong(index + SIZE_OFFSET, sizeBytes);
        buffer.putShort(index + FLAGS_OFFSET, (short) transmissionFlags);
    }

    /** Writes a BLOCK_SIZE info at {@code index}; all sizes in bytes. */
    public static void putBlockSize(ByteBuffer buffer, int index, int minimum, int preferred, int maximumPayload) {
        buffer.putShort(index, (short) BLOCK_SIZE);
        buffer.putInt(index + MINIMUM_OFFSET, minimum);
        buffer.putInt(index + PREFERRED_OFFSET, preferred);
        buffer.putInt(index + MAXIMUM_OFFSET, maximumPayload);
    }
}
