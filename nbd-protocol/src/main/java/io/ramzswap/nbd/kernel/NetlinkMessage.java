package io.ramzswap.nbd.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A generic netlink message being written, in native byte order. Attributes are padded to four bytes; their length does
 * not count the padding.
 *
 * <pre>
 *  0       4      6      8         12       16   17   18     20
 * +-------+------+------+---------+--------+----+----+------+------------------------
 * | length| type | flags| sequence| port 0 |cmd |ver |  0   | attributes ...
 * +-------+------+------+---------+--------+----+----+------+------------------------
 *
 *  attribute:  0        2      4
 *             +--------+------+--------------- -
 *             | length | type | value, padding
 *             +--------+------+--------------- -
 * </pre>
 */
final class NetlinkMessage {
    static final int HEADER_BYTES = 16;
    static final int GENERIC_HEADER_BYTES = 4;
    static final int ATTRIBUTE_HEADER_BYTES = 4;
    static final int FLAG_REQUEST = 1;
    static final int FLAG_ACK = 4;

    private static final int FLAG_NESTED = 0x8000;
    private static final int CAPACITY_BYTES = 4096;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CAPACITY_BYTES).order(ByteOrder.nativeOrder());

    NetlinkMessage(int type, int sequence, int command, int version) {
        buffer.putInt(0);
        buffer.putShort((short) type);
        buffer.putShort((short) (FLAG_REQUEST | FLAG_ACK));
        buffer.putInt(sequence);
        buffer.putInt(0);
        buffer.put((byte) command);
        buffer.put((byte) version);
        buffer.putShort((short) 0);
    }

    NetlinkMessage u32(int type, int value) {
        final int start = begin(type);
        buffer.putInt(value);
        return end(start);
    }

    NetlinkMessage u64(int type, long value) {
        final int start = begin(type);
        buffer.putLong(value);
        return end(start);
    }

    /** A string, closed by a zero. */
    NetlinkMessage string(int type, String value) {
        final int start = begin(type);
        buffer.put(value.getBytes(StandardCharsets.UTF_8));
        buffer.put((byte) 0);
        return end(start);
    }

    /** Starts an attribute; what follows up to {@link #end} is its value. */
    int begin(int type) {
        final int start = buffer.position();
        buffer.putShort((short) 0);
        buffer.putShort((short) type);
        return start;
    }

    /** Starts an attribute whose value is attributes. */
    int beginNested(int type) {
        return begin(type | FLAG_NESTED);
    }

    NetlinkMessage end(int start) {
        buffer.putShort(start, (short) (buffer.position() - start));
        while (buffer.position() % Integer.BYTES != 0) {
            buffer.put((byte) 0);
        }
        return this;
    }

    /** The finished message: from 0 to the limit. */
    ByteBuffer finish() {
        buffer.putInt(0, buffer.position());
        return buffer.flip();
    }
}
