package io.ramzswap.nbd.handshake;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The data of a LIST_META_CONTEXT or SET_META_CONTEXT option.
 *
 * <pre>
 *  0        4            4+n     8+n
 * +--------+------------+-------+-----------------------------
 * | n      | name       | count | count times: length 4, query
 * +--------+------------+-------+-----------------------------
 * </pre>
 *
 * <p>Source: NBD protocol document, "NBD_OPT_LIST_META_CONTEXT".
 *
 * @param exportName the export asked about
 * @param queries what is asked for
 */
record MetaContextQuery(String exportName, List<String> queries) {
    private static final int LENGTH_BYTES = 4;

    /** Reads {@code length} bytes at {@code index}; empty when they are not well-formed. */
    static Optional<MetaContextQuery> parse(ByteBuffer buffer, int index, int length) {
        final Reader reader = new Reader(buffer, index, index + length);
        final Optional<String> name = reader.string();
        if (name.isEmpty() || reader.remaining() < LENGTH_BYTES) {
            return Optional.empty();
        }
        final long count = reader.u32();
        final List<String> queries = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            final Optional<String> query = reader.string();
            if (query.isEmpty()) {
                return Optional.empty();
            }
            queries.add(query.get());
        }
        return reader.remaining() == 0 ? Optional.of(new MetaContextQuery(name.get(), queries)) : Optional.empty();
    }

    private static final class Reader {
        private final ByteBuffer buffer;
        private final int end;
        private int at;

        Reader(ByteBuffer buffer, int start, int end) {
            this.buffer = buffer;
            this.end = end;
            at = start;
        }

        int remaining() {
            return end - at;
        }

        long u32() {
            final long value = Integer.toUnsignedLong(buffer.getInt(at));
            at += LENGTH_BYTES;
            return value;
        }

        /** A length and that many bytes; empty when they are not all there, or too many. */
        Optional<String> string() {
            if (remaining() < LENGTH_BYTES) {
                return Optional.empty();
            }
            final long length = u32();
            if (length > Math.min(remaining(), ExportQuery.MAXIMUM_NAME_BYTES)) {
                return Optional.empty();
            }
            final String text = ExportQuery.text(buffer, at, (int) length);
            at += (int) length;
            return Optional.of(text);
        }
    }
}
