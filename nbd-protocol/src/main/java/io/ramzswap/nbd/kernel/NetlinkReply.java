package io.ramzswap.nbd.kernel;

import java.nio.ByteBuffer;

/**
 * Reads what the kernel answers to one request: data messages, and at last an acknowledgement or an error.
 *
 * <pre>
 *  an error:  0               16      20             36            36 + rest of the request
 *            +---------------+-------+--------------+--------------+---------------------
 *            | header, type 2| -errno| request's    | rest of it,  | attributes, if
 *            |               |       | header       | unless CAPPED| ACK_TLVS
 *            +---------------+-------+--------------+--------------+---------------------
 * </pre>
 */
final class NetlinkReply {
    private static final int TYPE_ERROR = 2;
    private static final int FLAG_CAPPED = 0x100;
    private static final int FLAG_ACK_TLVS = 0x200;
    private static final int ERROR_MESSAGE = 1;

    private final int sequence;
    private NetlinkAttributes attributes = NetlinkAttributes.NONE;
    private boolean complete;

    /** The answer to the request of that number; others are passed over. */
    NetlinkReply(int sequence) {
        this.sequence = sequence;
    }

    /** Whether the acknowledgement has come. */
    boolean isComplete() {
        return complete;
    }

    /** Attributes of the data message, or none. */
    NetlinkAttributes attributes() {
        return attributes;
    }

    /**
     * Takes the messages of one datagram, from position to limit.
     *
     * @throws NetlinkException when one is an error
     */
    void accept(ByteBuffer datagram) throws NetlinkException {
        int at = datagram.position();
        while (datagram.limit() - at >= NetlinkMessage.HEADER_BYTES) {
            final int length = datagram.getInt(at);
            if (length < NetlinkMessage.HEADER_BYTES || length > datagram.limit() - at) {
                return;
            }
            if (datagram.getInt(at + 8) == sequence) {
                acceptMessage(datagram.slice(at, length).order(datagram.order()));
            }
            at += (length + Integer.BYTES - 1) & -Integer.BYTES;
        }
    }

    private void acceptMessage(ByteBuffer message) throws NetlinkException {
        final int type = Short.toUnsignedInt(message.getShort(4));
        if (type == TYPE_ERROR) {
            final int errno = -message.getInt(NetlinkMessage.HEADER_BYTES);
            if (errno != 0) {
                throw new NetlinkException(errno, words(message));
            }
            complete = true;
        } else {
            message.position(
                    Math.min(message.limit(), NetlinkMessage.HEADER_BYTES + NetlinkMessage.GENERIC_HEADER_BYTES));
            final ByteBuffer copy = ByteBuffer.allocate(message.remaining()).order(message.order());
            attributes = new NetlinkAttributes(copy.put(message).flip());
        }
    }

    private static String words(ByteBuffer message) {
        final int flags = Short.toUnsignedInt(message.getShort(6));
        final int request = NetlinkMessage.HEADER_BYTES + Integer.BYTES;
        if ((flags & FLAG_ACK_TLVS) == 0 || message.limit() < request + NetlinkMessage.HEADER_BYTES) {
            return "";
        }
        final int requestBytes = (flags & FLAG_CAPPED) != 0 ? NetlinkMessage.HEADER_BYTES : message.getInt(request);
        final int start = request + ((requestBytes + Integer.BYTES - 1) & -Integer.BYTES);
        if (start < 0 || start > message.limit()) {
            return "";
        }
        return new NetlinkAttributes(message.position(start))
                .string(ERROR_MESSAGE)
                .orElse("");
    }
}
