package io.ramzswap.nbd.wire;

import java.nio.ByteBuffer;

/**
 * The header of a chunk of a structured reply, and of an extended one.
 *
 * <pre>
 *  0          4     6     8               16        20
 * +----------+-----+-----+---------------+---------+
 * |0x668e33ef|flags| type|    cookie     |  length |                       structured
 * +----------+-----+-----+---------------+---------+
 *  0          4     6     8               16              24              32
 * +----------+-----+-----+---------------+---------------+---------------+
 * |0x6e8a278c|flags| type|    cookie     |request offset |    length     | extended
 * +----------+-----+-----+---------------+---------------+---------------+
 * </pre>
 *
 * <p>Payloads, without the texts, which are optional:
 *
 * <pre>
 *  OFFSET_DATA       offset 8 | data
 *  OFFSET_HOLE       offset 8 | length 4
 *  BLOCK_STATUS      context 4 | (length 4 | status 4) ...
 *  BLOCK_STATUS_EXT  context 4 | count 4 | (length 8 | status 8) ...
 *  ERROR             error 4 | text length 2 | text
 *  ERROR_OFFSET      error 4 | text length 2 | text | offset 8
 * </pre>
 *
 * <p>Source: NBD protocol document, "Structured reply types"; branch extension-ext-header, "Extended reply chunk message".
 */
public final class ChunkDescriptor {
    /** Begins every chunk of a structured reply. */
    public static final int STRUCTURED_MAGIC = 0x668e33ef;
    /** Begins every chunk of an extended reply. */
    public static final int EXTENDED_MAGIC = 0x6e8a278c;
    /** Bytes of a structured reply's header. */
    public static final int STRUCTURED_LENGTH = 20;
    /** Bytes of an extended reply's header. */
    public static final int EXTENDED_LENGTH = 32;

    /** Flag: no more chunks follow for the request. */
    public static final int DONE = 1;

    /** Nothing but the end. */
    public static final int NONE = 0;
    /** Data of a range. */
    public static final int OFFSET_DATA = 1;
    /** A range that reads as zeroes. */
    public static final int OFFSET_HOLE = 2;
    /** Extents of one metadata context. */
    public static final int BLOCK_STATUS = 5;
    /** The same in an extended reply. */
    public static final int BLOCK_STATUS_EXT = 6;
    /** The request failed. */
    public static final int ERROR = 1 << 15 | 1;
    /** The request failed at an offset. */
    public static final int ERROR_OFFSET = 1 << 15 | 2;

    private static final int FLAGS_OFFSET = 4;
    private static final int TYPE_OFFSET = 6;
    private static final int COOKIE_OFFSET = 8;
    private static final int LENGTH_OFFSET = 16;
    private static final int EXTENDED_OFFSET_OFFSET = 16;
    private static final int EXTENDED_LENGTH_OFFSET = 24;

    private ChunkDescriptor() {}

    /** Writes a structured reply's header at {@code index}. */
    public static void putStructured(ByteBuffer buffer, int index, int flags, int type, long cookie, int length) {
        buffer.putInt(index, STRUCTURED_MAGIC);
        buffer.putShort(index + FLAGS_OFFSET, (short) flags);
        buffer.putShort(index + TYPE_OFFSET, (short) type);
        buffer.putLong(index + COOKIE_OFFSET, cookie);
        buffer.putInt(index + LENGTH_OFFSET, length);
    }

    /** Writes an extended reply's header at {@code index}. */
    public static void putExtended(
            ByteBuffer buffer, int index, int flags, int type, long cookie, long requestOffset, long length) {
        buffer.putInt(index, EXTENDED_MAGIC);
        buffer.putShort(index + FLAGS_OFFSET, (short) flags);
        buffer.putShort(index + TYPE_OFFSET, (short) type);
        buffer.putLong(index + COOKIE_OFFSET, cookie);
        buffer.putLong(index + EXTENDED_OFFSET_OFFSET, requestOffset);
        buffer.putLong(index + EXTENDED_LENGTH_OFFSET, length);
    }
}
