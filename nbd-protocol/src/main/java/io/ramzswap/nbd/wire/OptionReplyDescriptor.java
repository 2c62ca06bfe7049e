package io.ramzswap.nbd.wire;

import java.nio.ByteBuffer;

/**
 * The header of a reply to an option; {@code length} bytes of data follow.
 *
 * <pre>
 *  0                   8       12      16      20
 * +-------------------+-------+-------+-------+---------
 * | 0x0003e889045565a9| option|  type | length| data ...
 * +-------------------+-------+-------+-------+---------
 * </pre>
 *
 * <p>Source: NBD protocol document, "Fixed newstyle negotiation".
 */
public final class OptionReplyDescriptor {
    /** Begins every reply to an option. */
    public static final long MAGIC = 0x0003e889045565a9L;
    /** Bytes before the data. */
    public static final int LENGTH = 20;

    private static final int OPTION_OFFSET = 8;
    private static final int TYPE_OFFSET = 12;
    private static final int LENGTH_OFFSET = 16;

    private OptionReplyDescriptor() {}

    /** Writes a header at {@code index}. */
    public static void put(ByteBuffer buffer, int index, int option, int type, int dataLength) {
        buffer.putLong(index, MAGIC);
        buffer.putInt(index + OPTION_OFFSET, option);
        buffer.putInt(index + TYPE_OFFSET, type);
        buffer.putInt(index + LENGTH_OFFSET, dataLength);
    }
}
