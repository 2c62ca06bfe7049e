package io.ramzswap.nbd.handshake;

import io.ramzswap.nbd.BlockSize;
import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.transport.SendBuffer;
import io.ramzswap.nbd.wire.ExportNameReplyDescriptor;
import io.ramzswap.nbd.wire.InfoDescriptor;
import io.ramzswap.nbd.wire.OptionReplyDescriptor;
import io.ramzswap.nbd.wire.OptionReplyType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes replies to options. */
final class OptionReplies {
    /** No string of the protocol may be longer. */
    private static final int MAXIMUM_STRING_BYTES = 4096;

    private static final int LENGTH_BYTES = 4;

    private final SendBuffer out;

    OptionReplies(SendBuffer out) {
        this.out = out;
    }

    void ack(int option) {
        begin(option, OptionReplyType.ACK, 0);
    }

    /** Refuses, with a line for whoever reads the client's messages. */
    void error(int option, int type, String message) {
        final byte[] text = utf8(message);
        out.buffer().put(begin(option, type, text.length), text);
        out.commit(text.length);
    }

    /** One line of a LIST. */
    void server(int option, Export export) {
        final byte[] name = utf8(export.name());
        final byte[] description = utf8(export.description());
        final int length = LENGTH_BYTES + name.length + description.length;
        final int data = begin(option, OptionReplyType.SERVER, length);
        out.buffer().putInt(data, name.length);
        out.buffer().put(data + LENGTH_BYTES, name);
        out.buffer().put(data + LENGTH_BYTES + name.length, description);
        out.commit(length);
    }

    void exportInfo(int option, long sizeBytes, int transmissionFlags) {
        final int data = begin(option, OptionReplyType.INFO, InfoDescriptor.EXPORT_LENGTH);
        InfoDescriptor.putExport(out.buffer(), data, sizeBytes, transmissionFlags);
        out.commit(InfoDescriptor.EXPORT_LENGTH);
    }

    void blockSizeInfo(int option, BlockSize size) {
        final int data = begin(option, OptionReplyType.INFO, InfoDescriptor.BLOCK_SIZE_LENGTH);
        InfoDescriptor.putBlockSize(out.buffer(), data, size.minimum(), size.preferred(), size.maximumPayload());
        out.commit(InfoDescriptor.BLOCK_SIZE_LENGTH);
    }

    /** A NAME or DESCRIPTION info. */
    void textInfo(int option, int infoType, String value) {
        final byte[] text = utf8(value);
        final int length = InfoDescriptor.TYPE_LENGTH + text.length;
        final int data = begin(option, OptionReplyType.INFO, length);
        out.buffer().putShort(data, (short) infoType);
        out.buffer().put(data + InfoDescriptor.TYPE_LENGTH, text);
        out.commit(length);
    }

    /** One metadata context. */
    void metaContext(int option, int contextId, String name) {
        final byte[] text = utf8(name);
        final int length = LENGTH_BYTES + text.length;
        final int data = begin(option, OptionReplyType.META_CONTEXT, length);
        out.buffer().putInt(data, contextId);
        out.buffer().put(data + LENGTH_BYTES, text);
        out.commit(length);
    }

    /** The answer to EXPORT_NAME. */
    void exportName(long sizeBytes, int transmissionFlags, boolean zeroes) {
        final int zeroBytes = zeroes ? ExportNameReplyDescriptor.ZEROES : 0;
        final int length = ExportNameReplyDescriptor.LENGTH + zeroBytes;
        final int index = out.reserve(length);
        ExportNameReplyDescriptor.put(out.buffer(), index, sizeBytes, transmissionFlags);
        out.buffer().put(index + ExportNameReplyDescriptor.LENGTH, new byte[zeroBytes]);
        out.commit(length);
    }

    /** Writes a header, makes room for the data, and tells where it goes. */
    private int begin(int option, int type, int dataLength) {
        final int index = out.reserve(OptionReplyDescriptor.LENGTH + dataLength);
        OptionReplyDescriptor.put(out.buffer(), index, option, type, dataLength);
        out.commit(OptionReplyDescriptor.LENGTH);
        return index + OptionReplyDescriptor.LENGTH;
    }

    private static byte[] utf8(String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAXIMUM_STRING_BYTES) {
            return bytes;
        }
        int end = MAXIMUM_STRING_BYTES;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }
}
