package io.ramzswap.compress;

import java.util.Locale;
import java.util.function.Supplier;

/** The compressors there are, by the names a user reads. */
public enum CompressorKind {
    /** {@link Lz4}. */
    LZ4(Lz4::new);

    /** What pages are compressed with. */
    public static final CompressorKind DEFAULT = LZ4;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Supplier<Compressor> maker;

    CompressorKind(Supplier<Compressor> maker) {
        this.maker = maker;
    }

    /**
     * Makes one for the calling thread.
     *
     * @throws IllegalStateException if its native library cannot be loaded; the message says what to do
     */
    public Compressor create() {
        return maker.get();
    }

    /** The name a user reads. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
