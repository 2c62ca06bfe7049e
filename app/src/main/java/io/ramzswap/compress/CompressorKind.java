package io.ramzswap.compress;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The compressors there are, by the names a user reads. */
public enum CompressorKind {
    /** {@link Lz4}: the fastest. */
    LZ4(Lz4.ID, Lz4::new, Lz4::requireNative),
    /** {@link Zstd}: pages take up to a third less than with LZ4, and two to four times as long. */
    ZSTD(Zstd.ID, Zstd::new, Zstd::requireNative);

    /** What pages are compressed with. */
    public static final CompressorKind DEFAULT = LZ4;

    private final int id;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Supplier<Compressor> maker;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Runnable loader;

    CompressorKind(int id, Supplier<Compressor> maker, Runnable loader) {
        this.id = id;
        this.maker = maker;
        this.loader = loader;
    }

    /**
     * The number that page-table words record, 0 to 3, and that no other compressor has. It never changes its meaning.
     */
    public int id() {
        return id;
    }

    /**
     * Makes one for the calling thread.
     *
     * @throws io.ramzswap.libc.LibraryMissingException if its native library cannot be loaded; the message says what to do
     */
    public Compressor create() {
        return maker.get();
    }

    /**
     * Loads its native library.
     *
     * @throws io.ramzswap.libc.LibraryMissingException if that fails; the message says what to do
     */
    public void requireNative() {
        loader.run();
    }

    /** The name a user reads. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** That with this name. */
    public static Optional<CompressorKind> of(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst();
    }

    /** All names, for people. */
    public static String labels() {
        return Arrays.stream(values()).map(CompressorKind::label).collect(Collectors.joining(", "));
    }
}
