package io.ramzswap.nbd.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Attributes of a netlink message that came; see {@link NetlinkMessage} for their layout. Stops at what is not one. */
final class NetlinkAttributes {
    static final NetlinkAttributes NONE = new NetlinkAttributes(ByteBuffer.allocate(0));

    private static final int TYPE_MASK = 0x3fff;

    private final ByteBuffer bytes;

    /** Attributes from position to limit, in the buffer's byte order. */
    NetlinkAttributes(ByteBuffer bytes) {
        this.bytes = bytes.slice().order(bytes.order());
    }

    /** The value of the first attribute of a type. */
    Optional<ByteBuffer> find(int type) {
        return all(type).stream().findFirst();
    }

    /** The values of all attributes of a type. */
    List<ByteBuffer> all(int type) {
        final List<ByteBuffer> found = new ArrayList<>();
        int at = 0;
        while (bytes.limit() - at >= NetlinkMessage.ATTRIBUTE_HEADER_BYTES) {
            final int length = Short.toUnsignedInt(bytes.getShort(at));
            if (length < NetlinkMessage.ATTRIBUTE_HEADER_BYTES || length > bytes.limit() - at) {
                break;
            }
            if ((bytes.getShort(at + Short.BYTES) & TYPE_MASK) == type) {
                found.add(value(at, length));
            }
            at += (length + Integer.BYTES - 1) & -Integer.BYTES;
        }
        return found;
    }

    /** A 32-bit value, if there is one. */
    Optional<Integer> u32(int type) {
        return find(type).filter(v -> v.remaining() >= Integer.BYTES).map(v -> v.getInt(0));
    }

    /** A 16-bit value, if there is one. */
    Optional<Integer> u16(int type) {
        return find(type).filter(v -> v.remaining() >= Short.BYTES).map(v -> Short.toUnsignedInt(v.getShort(0)));
    }

    /** An 8-bit value, if there is one. */
    Optional<Integer> u8(int type) {
        return find(type).filter(ByteBuffer::hasRemaining).map(v -> Byte.toUnsignedInt(v.get(0)));
    }

    /** A string without its closing zero, if there is one. */
    Optional<String> string(int type) {
        return find(type).map(v -> StandardCharsets.UTF_8.decode(v).toString().replace("\0", ""));
    }

    private ByteBuffer value(int at, int length) {
        return bytes.slice(at + NetlinkMessage.ATTRIBUTE_HEADER_BYTES, length - NetlinkMessage.ATTRIBUTE_HEADER_BYTES)
                .order(bytes.order());
    }
}
