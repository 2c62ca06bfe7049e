package io.ramzswap.backing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Swap-formatted files for tests. */
public final class SwapFile {
    private SwapFile() {}

    /** A directory on a disk rather than in memory, as the build's own is. The caller deletes it. */
    public static Path directory() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target")), "backing");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes one of so many pages, without holes. */
    public static Path make(Path path, int slots) {
        return make(path, slots, SwapHeader.of(slots));
    }

    /** Makes one with this header. */
    public static Path make(Path path, int slots, ByteBuffer header) {
        try {
            byte[] bytes = new byte[slots * AlignedMemory.PAGE_BYTES];
            header.get(0, bytes, 0, AlignedMemory.PAGE_BYTES);
            // To the disk at once: some file systems find a place for it only then.
            return Files.write(
                    path,
                    bytes,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SYNC);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A header with another number somewhere. */
    static ByteBuffer header(int slots, int offset, int value) {
        return SwapHeader.of(slots).order(ByteOrder.nativeOrder()).putInt(offset, value);
    }
}
