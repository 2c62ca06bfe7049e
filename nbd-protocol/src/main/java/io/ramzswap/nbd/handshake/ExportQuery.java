package io.ramzswap.nbd.handshake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The data of an INFO or GO option.
 *
 * <pre>
 *  0        4            4+n     6+n
 * +--------+------------+-------+--------------------
 * | n      | name       | count | count 16-bit types
 * +--------+------------+-------+--------------------
 * </pre>
 *
 * <p>Source: NBD protocol document, "NBD_OPT_INFO and NBD_OPT_GO".
 *
 * @param name the export asked for; empty for the default one
 * @param infoTypes a bit for each wanted {@link io.ramzswap.nbd.wire.InfoDescriptor} type; others are ignored
 */
record ExportQuery(String name, long infoTypes) {
    static final int MAXIMUM_NAME_BYTES = 4096;

    private static final int LENGTH_BYTES = 4;
    private static final int COUNT_BYTES = 2;
    private static final int TYPE_BYTES = 2;

    /** Reads {@code length} bytes at {@code index}; empty when they are not well-formed. */
    static Optional<ExportQuery> parse(ByteBuffer buffer, int index, int length) {
        if (length < LENGTH_BYTES + COUNT_BYTES) {
            return Optional.empty();
        }
        final long nameBytes = Integer.toUnsignedLong(buffer.getInt(index));
        if (nameBytes > Math.min(length - LENGTH_BYTES - COUNT_BYTES, MAXIMUM_NAME_BYTES)) {
            return Optional.empty();
        }
        final int countIndex = index + LENGTH_BYTES + (int) nameBytes;
        final int count = Short.toUnsignedInt(buffer.getShort(countIndex));
        if (LENGTH_BYTES + nameBytes + COUNT_BYTES + (long) count * TYPE_BYTES != length) {
            return Optional.empty();
        }
        final String name = text(buffer, index + LENGTH_BYTES, (int) nameBytes);
        return Optional.of(new ExportQuery(name, types(buffer, countIndex + COUNT_BYTES, count)));
    }

    /** Reads UTF-8; what is not well-formed becomes a character that no name has. */
    static String text(ByteBuffer buffer, int index, int length) {
        final byte[] bytes = new byte[length];
        buffer.get(index, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    boolean wants(int infoType) {
        return (infoTypes & 1L << infoType) != 0;
    }

    private static long types(ByteBuffer buffer, int index, int count) {
        long types = 0;
        for (int i = 0; i < count; i++) {
            final int type = Short.toUnsignedInt(buffer.getShort(index + i * TYPE_BYTES));
            if (type < Long.SIZE) {
                types |= 1L << type;
            }
        }
        return types;
    }
}
