package io.ramzswap.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Real pages in direct memory, gone through in turn: enough of them to be in no cache. */
final class Pages {
    static final int PAGE = 4096;
    private static final long MOST_BYTES = 64L << 20;

    private final ByteBuffer memory;
    private int next;

    private Pages(ByteBuffer memory) {
        this.memory = memory;
    }

    /** The pages of the file that {@code scripts/corpus} made. */
    static Pages read(String corpus) {
        try (FileChannel file = FileChannel.open(Path.of(corpus))) {
            final int bytes = (int) Math.min(file.size(), MOST_BYTES) / PAGE * PAGE;
            final ByteBuffer memory = ByteBuffer.allocateDirect(bytes);
            while (memory.hasRemaining() && file.read(memory) >= 0) {
                // goes on until all is read
            }
            return new Pages(memory.clear());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ByteBuffer memory() {
        return memory;
    }

    int count() {
        return memory.capacity() / PAGE;
    }

    /** Where the next page lies. */
    int next() {
        next = next + PAGE == memory.capacity() ? 0 : next + PAGE;
        return next;
    }
}
