package io.ramzswap.allocator.bench;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import com.github.luben.zstd.Zstd;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/**
 * What each page of a corpus compresses to: {@code CorpusSizes PAGES lz4|zstd SIZES [KEPT-PAGES]}. Pages filled with one word are left out,
 * for they take no memory, and pages over 3072 bytes, for they are stored as they are, past the allocator.
 */
public final class CorpusSizes {
    private static final int PAGE_BYTES = 4096;
    private static final int MOST_BYTES = 3072;

    private CorpusSizes() {}

    /** Compresses a page from one buffer into another; the compressed bytes. */
    private interface PageCompressor {
        int compress(ByteBuffer page, ByteBuffer out);
    }

    /** See the class. */
    public static void main(String[] args) throws IOException {
        PageCompressor compressor = args[1].equals("zstd") ? CorpusSizes::zstd : lz4();
        Path keptFile = Path.of(args.length > 3 ? args[3] : "/dev/null");
        try (FileChannel pages = FileChannel.open(Path.of(args[0]));
                FileChannel keptPages = FileChannel.open(keptFile, CREATE, WRITE);
                DataOutputStream sizes =
                        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(Path.of(args[2]))))) {
            ByteBuffer page = ByteBuffer.allocateDirect(PAGE_BYTES);
            ByteBuffer out = ByteBuffer.allocateDirect(2 * PAGE_BYTES);
            long read = 0;
            long kept = 0;
            long bytes = 0;
            while (pages.read(page.clear()) == PAGE_BYTES) {
                read++;
                if (isSameFilled(page)) {
                    continue;
                }
                int size = compressor.compress(page, out);
                if (size <= MOST_BYTES) {
                    if (args.length > 3) {
                        keptPages.write(page.flip());
                    }
                    sizes.writeShort(size);
                    kept++;
                    bytes += size;
                }
            }
            System.err.printf(
                    "%s: %d pages, %d of them compressed, %d bytes on average%n",
                    args[1], read, kept, kept == 0 ? 0 : bytes / kept);
        }
    }

    private static boolean isSameFilled(ByteBuffer page) {
        for (int i = Long.BYTES; i < PAGE_BYTES; i += Long.BYTES) {
            if (page.getLong(i) != page.getLong(0)) {
                return false;
            }
        }
        return true;
    }

    private static PageCompressor lz4() {
        LZ4Compressor compressor = LZ4Factory.nativeInstance().fastCompressor();
        return (page, out) -> compressor.compress(page, 0, PAGE_BYTES, out, 0, out.capacity());
    }

    private static int zstd(ByteBuffer page, ByteBuffer out) {
        return (int) Zstd.compressDirectByteBuffer(out, 0, out.capacity(), page, 0, PAGE_BYTES, 1);
    }
}
