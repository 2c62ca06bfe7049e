package io.ramzswap.compress;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.util.Native;
import com.github.luben.zstd.util.ZstdVersion;
import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.libc.LibraryMissingException;
import io.ramzswap.libc.NativeLibraries;
import java.nio.ByteBuffer;

/**
 * Zstandard frames through the native library, at level {@value #LEVEL}: of pages, higher levels make hardly less and take
 * longer. What a frame says of itself is left out, since the page table knows it: magic number, content size, checksum.
 * Source: RFC 8878, section 3.1.1.
 */
public final class Zstd implements Compressor {
    /** {@link #id()} of Zstandard. */
    public static final int ID = 2;

    private static final int LEVEL = 1;
    private static final int PAGE_SIZE = SharedMemory.PAGE_BYTES;

    private final ZstdCompressCtx compressor;
    private final ZstdDecompressCtx decompressor;

    /**
     * Makes an instance for the calling thread.
     *
     * @throws LibraryMissingException if the native library cannot be loaded; the message says what to do
     */
    public Zstd() {
        requireNative();
        compressor = new ZstdCompressCtx()
                .setLevel(LEVEL)
                .setMagicless(true)
                .setContentSize(false)
                .setChecksum(false)
                .setDictID(false);
        decompressor = new ZstdDecompressCtx().setMagicless(true);
        haveWorkingMemory();
    }

    /** The library gets it for the first page, which must not be one that the kernel waits for. */
    private void haveWorkingMemory() {
        ByteBuffer page = ByteBuffer.allocateDirect(PAGE_SIZE);
        ByteBuffer compressed = ByteBuffer.allocateDirect(maxCompressedLength(PAGE_SIZE));
        int length = compress(page, 0, PAGE_SIZE, compressed, 0);
        decompress(compressed, 0, length, page, 0, PAGE_SIZE);
    }

    /**
     * Loads the native library.
     *
     * @throws LibraryMissingException if that fails; the message says what to do
     */
    public static void requireNative() {
        NativeLibraries.load("zstd-jni-" + ZstdVersion.VERSION);
        try {
            Native.load();
        } catch (LinkageError | RuntimeException e) {
            throw NativeLibraries.notUnpacked("Zstandard", e);
        }
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public int maxCompressedLength(int length) {
        return (int) com.github.luben.zstd.Zstd.compressBound(length);
    }

    @Override
    public int compress(
            ByteBuffer source, int sourcePosition, int length, ByteBuffer destination, int destinationPosition) {
        return compressor.compressDirectByteBuffer(
                destination,
                destinationPosition,
                destination.capacity() - destinationPosition,
                source,
                sourcePosition,
                length);
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
            int restored = decompressor.decompressDirectByteBuffer(
                    destination, destinationPosition, originalLength, source, sourcePosition, length);
            return restored == originalLength ? restored : MALFORMED;
        } catch (ZstdException e) {
            return MALFORMED;
        }
    }

    @Override
    public void close() {
        compressor.close();
        decompressor.close();
    }
}
