package io.ramzswap.notify.trace;

import java.io.IOException;

/**
 * The layout of a ring buffer's sub-buffers, in bytes.
 *
 * @param bytes all of it
 */
public record SubBufferLayout(int timestampOffset, int commitOffset, int dataOffset, int bytes) {
    /**
     * From the kernel's {@code events/header_page}.
     *
     * @throws IOException if that is not in the form known here
     */
    public static SubBufferLayout of(FormatFile headerPage) throws IOException {
        FormatFile.Field data = headerPage.fields().get("data");
        if (data == null) {
            throw new IOException("header_page has no field data");
        }
        return new SubBufferLayout(
                headerPage.offset("timestamp", Long.BYTES),
                headerPage.offset("commit", Long.BYTES),
                data.offset(),
                data.offset() + data.size());
    }
}
