package io.ramzswap.nbd.transmission;

import io.ramzswap.nbd.wire.CommandFlag;
import io.ramzswap.nbd.wire.RequestDescriptor;
import java.nio.ByteBuffer;

/** The request being handled. One object a connection, overwritten by the next. */
final class Request {
    int flags;
    int type;
    long cookie;
    /** Unsigned. */
    long offset;
    /** Never negative. */
    long length;

    /**
     * Reads a header.
     *
     * @return false when none begins here; nothing is changed then
     */
    boolean decode(ByteBuffer buffer, int index) {
        if (!RequestDescriptor.hasMagic(buffer, index)) {
            return false;
        }
        flags = RequestDescriptor.flags(buffer, index);
        type = RequestDescriptor.type(buffer, index);
        cookie = RequestDescriptor.cookie(buffer, index);
        offset = RequestDescriptor.offset(buffer, index);
        length = RequestDescriptor.length(buffer, index);
        return true;
    }

    boolean isFua() {
        return (flags & CommandFlag.FUA) != 0;
    }
}
