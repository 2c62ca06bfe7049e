package io.ramzswap.backing;

import io.ramzswap.libc.NativeLibc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory for one page that starts at a multiple of its size, as direct I/O wants it. It is there from the start. */
public final class AlignedPage {
    /** The size of a page. */
    public static final int BYTES = 4096;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(2 * BYTES)
            .alignedSlice(BYTES)
            .slice(0, BYTES)
            .order(ByteOrder.nativeOrder());
    private final long address = NativeLibc.address(bytes);

    /** The page's bytes, for absolute access. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** Where the first byte lies. Good for as long as this object is reachable. */
    public long address() {
        return address;
    }
}
