package io.ramzswap.shortage;

import io.ramzswap.nbd.closing.Undo;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of the kernel's that stays open and is read again and again. The kernel keeps its buffer for as long, so reading it
 * needs no memory but a little of the Java heap. For one thread.
 */
final class KeptFile implements AutoCloseable {
    /** The JVM reads so much by way of the stack; for more it asks the C library for memory. */
    private static final int MAX_BYTES = 8192;

    private final RandomAccessFile file;
    private final byte[] bytes = new byte[MAX_BYTES];

    private KeptFile(RandomAccessFile file) {
        this.file = file;
    }

    /** Opens it, and reads it once, because the kernel makes its buffer at the first read. */
    static KeptFile open(Path path) throws IOException {
        try (Undo undo = new Undo()) {
            KeptFile opened = undo.with(new KeptFile(new RandomAccessFile(path.toFile(), "r")), KeptFile::close);
            opened.lines();
            return undo.done(opened);
        }
    }

    /** The lines that the file has now, as far as they lie within its first {@value #MAX_BYTES} bytes. */
    List<String> lines() throws IOException {
        file.seek(0);
        int length = 0;
        int count = 0;
        while (count >= 0 && length < MAX_BYTES) {
            length += count;
            count = file.read(bytes, length, MAX_BYTES - length);
        }
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1).lines().toList();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
