package io.ramzswap.notify.btf;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of some megabytes, read through a small window, because the heap is as small. For one thread. */
final class BtfImage implements AutoCloseable {
    private static final int WINDOW_BYTES = 64 * 1024;

    private final FileChannel file;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).order(ByteOrder.nativeOrder());
    private long windowStart;

    BtfImage(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.READ);
        window.limit(0);
    }

    byte byteAt(long offset) throws IOException {
        return window.get(inWindow(offset, 1));
    }

    int shortAt(long offset) throws IOException {
        return window.getShort(inWindow(offset, Short.BYTES)) & 0xffff;
    }

    int intAt(long offset) throws IOException {
        return window.getInt(inWindow(offset, Integer.BYTES));
    }

    private int inWindow(long offset, int length) throws IOException {
        if (offset < windowStart || offset + length > windowStart + window.limit()) {
            load(offset);
        }
        if (offset + length > windowStart + window.limit()) {
            throw new EOFException("it ends at " + (windowStart + window.limit()) + ", before " + (offset + length));
        }
        return (int) (offset - windowStart);
    }

    private void load(long offset) throws IOException {
        window.clear();
        windowStart = offset;
        int read = 0;
        while (window.hasRemaining() && read >= 0) {
            read = file.read(window, offset + window.position());
        }
        window.flip();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
