package io.ramzswap.nbd.transport;

import io.ramzswap.nbd.libc.Libc;
import java.nio.ByteBuffer;

/** Remembers where the last buffer lies, because asking allocates and a connection uses the same one all its life. */
final class BufferAddress {
    private ByteBuffer buffer;
    private long address;

    /** The address of a direct buffer's first byte. */
    @SuppressWarnings("ReferenceEquality") // The same memory is meant, not the same bytes.
    long of(ByteBuffer direct) {
        if (direct != buffer) {
            address = Libc.address(direct);
            buffer = direct;
        }
        return address;
    }
}
