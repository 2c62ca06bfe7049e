package io.ramzswap.nbd.transmission;

import io.ramzswap.nbd.transport.SendBuffer;
import io.ramzswap.nbd.wire.ChunkDescriptor;
import java.nio.ByteBuffer;

/** Writes chunks of structured or extended replies into the send buffer. */
final class Chunks {
    private static final int OFFSET_BYTES = 8;
    private static final int HOLE_BYTES = 12;
    private static final int ERROR_BYTES = 6;

    private final SendBuffer out;
    private final ByteBuffer buffer;
    private final boolean extended;
    private final int headerBytes;

    Chunks(SendBuffer out, boolean extended) {
        this.out = out;
        this.extended = extended;
        buffer = out.buffer();
        headerBytes = extended ? ChunkDescriptor.EXTENDED_LENGTH : ChunkDescriptor.STRUCTURED_LENGTH;
    }

    boolean isExtended() {
        return extended;
    }

    int headerBytes() {
        return headerBytes;
    }

    /** Bytes before the data of an OFFSET_DATA chunk. */
    int dataOffset() {
        return headerBytes + OFFSET_BYTES;
    }

    /** Writes a header at {@code index}; room must be reserved. */
    void putHeader(int index, int flags, int type, Request request, int payloadBytes) {
        if (extended) {
            ChunkDescriptor.putExtended(buffer, index, flags, type, request.cookie, request.offset, payloadBytes);
        } else {
            ChunkDescriptor.putStructured(buffer, index, flags, type, request.cookie, payloadBytes);
        }
    }

    /** Writes the header and the offset of a data chunk at {@code index}; room must be reserved. */
    void putDataHeader(int index, int flags, Request request, long offset, int dataBytes) {
        putHeader(index, flags, ChunkDescriptor.OFFSET_DATA, request, OFFSET_BYTES + dataBytes);
        buffer.putLong(index + headerBytes, offset);
    }

    /** The request is done, and there is no more to say. */
    void none(Request request) {
        putHeader(out.reserve(headerBytes), ChunkDescriptor.DONE, ChunkDescriptor.NONE, request, 0);
        out.commit(headerBytes);
    }

    void hole(Request request, int flags, long offset, int length) {
        final int index = out.reserve(headerBytes + HOLE_BYTES);
        putHeader(index, flags, ChunkDescriptor.OFFSET_HOLE, request, HOLE_BYTES);
        buffer.putLong(index + headerBytes, offset);
        buffer.putInt(index + headerBytes + OFFSET_BYTES, length);
        out.commit(headerBytes + HOLE_BYTES);
    }

    /** The request failed as a whole. */
    void error(Request request, int error) {
        final byte[] text = ErrorText.of(error);
        final int payload = ERROR_BYTES + text.length;
        final int index = out.reserve(headerBytes + payload);
        putHeader(index, ChunkDescriptor.DONE, ChunkDescriptor.ERROR, request, payload);
        putErrorAndText(index + headerBytes, error, text);
        out.commit(headerBytes + payload);
    }

    /** The request failed at an offset; what was sent before it is right. */
    void errorAt(Request request, int error, long offset) {
        final byte[] text = ErrorText.of(error);
        final int payload = ERROR_BYTES + text.length + OFFSET_BYTES;
        final int index = out.reserve(headerBytes + payload);
        putHeader(index, ChunkDescriptor.DONE, ChunkDescriptor.ERROR_OFFSET, request, payload);
        putErrorAndText(index + headerBytes, error, text);
        buffer.putLong(index + headerBytes + ERROR_BYTES + text.length, offset);
        out.commit(headerBytes + payload);
    }

    private void putErrorAndText(int index, int error, byte[] text) {
        buffer.putInt(index, error);
        buffer.putShort(index + Integer.BYTES, (short) text.length);
        buffer.put(index + ERROR_BYTES, text);
    }
}
