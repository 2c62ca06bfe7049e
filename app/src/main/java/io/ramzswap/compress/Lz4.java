package io.ramzswap.compress;

import io.ramzswap.libc.LibraryMissingException;
import io.ramzswap.libc.NativeLibraries;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4JNIFastResetCompressor;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * LZ4 block format through the native library. The compressor keeps its hash table between pages instead of clearing
 * 16 KiB for each; the decompressor is the bounds-checked one, so damaged input cannot write outside the page.
 *
 * <p>The pure Java fall-back of the library makes garbage for every page, so it is not accepted.
 */
public final class Lz4 implements Compressor {
    /** {@link #id()} of LZ4. */
    public static final int ID = 1;

    private final LZ4JNIFastResetCompressor compressor;
    private final LZ4SafeDecompressor decompressor;

    /**
     * Makes an instance for the calling thread.
     *
     * @throws LibraryMissingException if the native library cannot be loaded; the message says what to do
     */
    public Lz4() {
        final LZ4Factory factory = nativeFactory();
        this.compressor = factory.fastResetCompressor();
        this.decompressor = factory.safeDecompressor();
    }

    /**
     * Loads the native library.
     *
     * @throws LibraryMissingException if that fails; the message says what to do
     */
    public static void requireNative() {
        nativeFactory();
    }

    private static LZ4Factory nativeFactory() {
        NativeLibraries.load("lz4-java");
        try {
            return LZ4Factory.nativeInstance();
        } catch (LinkageError | RuntimeException e) {
            throw NativeLibraries.notUnpacked("LZ4", e);
        }
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public int maxCompressedLength(int length) {
        return compressor.maxCompressedLength(length);
    }

    @Override
    public int compress(
            ByteBuffer source, int sourcePosition, int length, ByteBuffer destination, int destinationPosition) {
        return compressor.compress(
                source,
                sourcePosition,
                length,
                destination,
                destinationPosition,
                destination.capacity() - destinationPosition);
    }

    @Override
    public int decompress(
            ByteBuffer source,
            int sourcePosition,
            int length,
            ByteBuffer destination,
            int destinationPosition,
            int originalLength) {
        try {
            int restored = decompressor.decompress(
                    source, sourcePosition, length, destination, destinationPosition, originalLength);
            return restored == originalLength ? restored : MALFORMED;
        } catch (LZ4Exception e) {
            return MALFORMED;
        }
    }

    @Override
    public void close() {
        compressor.close();
    }
}
