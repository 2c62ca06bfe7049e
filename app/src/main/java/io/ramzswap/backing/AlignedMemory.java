package io.ramzswap.backing;

import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.libc.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Whole pages of memory that start at a multiple of their size, as direct I/O wants it. It is there from the start. */
public final class AlignedMemory {
    /** The size of a page. */
    public static final int PAGE_BYTES = SharedMemory.PAGE_BYTES;

    private final ByteBuffer bytes;
    private final long address;

    /** So many pages. */
    public AlignedMemory(int pages) {
        bytes = ByteBuffer.allocateDirect((pages + 1) * PAGE_BYTES)
                .alignedSlice(PAGE_BYTES)
                .slice(0, pages * PAGE_BYTES)
                .order(ByteOrder.nativeOrder());
        address = Libc.address(bytes);
    }

    /** The bytes, for absolute access. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** Where the first byte lies. Good for as long as this object is reachable. */
    public long address() {
        return address;
    }

    /** How many bytes there are. */
    public int length() {
        return bytes.capacity();
    }
}
