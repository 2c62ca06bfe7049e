package io.ramzswap.compress;

import java.nio.ByteBuffer;

/**
 * One thread's compressors of a {@link CompressorChoice}, by the number in a page's word.
 *
 * <p>Another thread may add one at any time, and choose it: {@link #current} finds it ready.
 */
public final class Compressors implements AutoCloseable {
    /** Room for the longest output of any compressor for a page. */
    public static final int MOST_OUTPUT_BYTES = 8192;

    /** One more than the greatest {@link CompressorKind#id}. */
    private static final int IDS = 4;

    private final CompressorChoice choice;
    /** The write of {@link #current} that follows publishes a compressor that is added here. */
    private final Compressor[] byId = new Compressor[IDS];

    private volatile Compressor current;

    Compressors(CompressorChoice choice) {
        this.choice = choice;
    }

    /** Makes one ready, if it is not. */
    void add(CompressorKind kind) {
        if (byId[kind.id()] == null) {
            byId[kind.id()] = kind.create();
        }
    }

    /** Has new pages compressed by one that was added. */
    void use(CompressorKind kind) {
        current = byId[kind.id()];
    }

    /** The compressor of new pages. */
    public Compressor current() {
        return current;
    }

    /**
     * Restores what the compressor of this number made smaller, as {@link Compressor#decompress}.
     *
     * @return {@code originalLength}, or {@link Compressor#MALFORMED}, also if no page was made by such a compressor
     */
    public int decompress(
            int id,
            ByteBuffer source,
            int sourcePosition,
            int length,
            ByteBuffer destination,
            int destinationPosition,
            int originalLength) {
        Compressor compressor = of(id);
        return compressor == null
                ? Compressor.MALFORMED
                : compressor.decompress(
                        source, sourcePosition, length, destination, destinationPosition, originalLength);
    }

    private Compressor of(int id) {
        Compressor latest = current;
        return latest.id() == id ? latest : byId[id];
    }

    @Override
    public void close() {
        choice.close(this);
        for (Compressor compressor : byId) {
            if (compressor != null) {
                compressor.close();
            }
        }
    }
}
