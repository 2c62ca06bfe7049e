package io.ramzswap.nbd.transmission;

import io.ramzswap.nbd.wire.Command;
import io.ramzswap.nbd.wire.CommandFlag;
import io.ramzswap.nbd.wire.ExtendedRequestDescriptor;
import io.ramzswap.nbd.wire.RequestDescriptor;
import java.nio.ByteBuffer;

/** The request being handled. One object a connection, overwritten by the next. */
final class Request {
    int flags;
    int type;
    long cookie;
    /** Unsigned. */
    long offset;
    /** Unsigned; up to 2<sup>32</sup>-1 unless headers are extended. */
    long length;

    private final boolean extended;

    Request(boolean extended) {
        this.extended = extended;
    }

    int headerLength() {
        return extended ? ExtendedRequestDescriptor.LENGTH : RequestDescriptor.LENGTH;
    }

    /**
     * Reads a header.
     *
     * @return false when none begins here; nothing is changed then
     */
    boolean decode(ByteBuffer buffer, int index) {
        if (extended
                ? !ExtendedRequestDescriptor.hasMagic(buffer, index)
                : !RequestDescriptor.hasMagic(buffer, index)) {
            return false;
        }
        flags = RequestDescriptor.flags(buffer, index);
        type = RequestDescriptor.type(buffer, index);
        cookie = RequestDescriptor.cookie(buffer, index);
        offset = RequestDescriptor.offset(buffer, index);
        length = extended ? ExtendedRequestDescriptor.length(buffer, index) : RequestDescriptor.length(buffer, index);
        return true;
    }

    boolean isFua() {
        return (flags & CommandFlag.FUA) != 0;
    }

    /** Bytes that follow the header, unsigned, whether the request is right or wrong. */
    long payloadLength() {
        final boolean hasPayload = extended ? (flags & CommandFlag.PAYLOAD_LEN) != 0 : type == Command.WRITE;
        return hasPayload ? length : 0;
    }
}
