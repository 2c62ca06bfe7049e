package io.ramzswap.compress;

import java.nio.ByteBuffer;

/**
 * Compresses and decompresses single pages. An instance is confined to one thread, so it can keep its working memory.
 * Buffers are direct; positions and limits are neither used nor changed.
 */
public interface Compressor extends AutoCloseable {
    /** Returned by {@link #decompress} when the input is not what {@link #compress} made of a page. */
    int MALFORMED = -1;

    /** A page that compresses to more bytes than this is kept as it is (2009 driver: three quarters of a page). */
    int MOST_USEFUL_BYTES = 3072;

    /** A page that compresses to this or less compresses well: to half. */
    int GOOD_BYTES = 2048;

    /** The number that page-table words record, {@link CompressorKind#id()}. */
    int id();

    /** The longest output of {@link #compress} for {@code length} bytes of input. */
    int maxCompressedLength(int length);

    /**
     * Compresses {@code length} bytes.
     *
     * @param destination has room for {@link #maxCompressedLength} bytes from {@code destinationPosition}
     * @return the compressed length in bytes
     */
    int compress(ByteBuffer source, int sourcePosition, int length, ByteBuffer destination, int destinationPosition);

    /**
     * Restores what {@link #compress} made smaller; writes {@code originalLength} bytes at most.
     *
     * @return {@code originalLength}, or {@link #MALFORMED} whatever else the input holds
     */
    int decompress(
            ByteBuffer source,
            int sourcePosition,
            int length,
            ByteBuffer destination,
            int destinationPosition,
            int originalLength);

    /** Frees the working memory. */
    @Override
    void close();
}
