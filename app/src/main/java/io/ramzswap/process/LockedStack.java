package io.ramzswap.process;

import io.ramzswap.libc.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Brings a thread's stack into RAM before the thread serves. {@link MemoryLock} locks what is mapped later only as it is
 * touched, and a first touch on the way of a page would be a wait for memory. Source: pthread_getattr_np(3), mlock(2).
 *
 * <pre>
 *   low address                                             high address
 *   | C library's guard, JVM's guard pages | the rest ........ in use |
 *   |&lt;------------ GUARD_BYTES -----------&gt;|&lt;------ locked --------&gt;|
 * </pre>
 */
public final class LockedStack {
    /** More than the guards take. They are never touched, and not to be populated. */
    private static final long GUARD_BYTES = 64 << 10;

    /** {@code sizeof(pthread_attr_t)} is 56 on x86-64 and 64 on AArch64. */
    private static final int ATTRIBUTES_LENGTH = 64;

    private static final int ADDRESS_OFFSET = ATTRIBUTES_LENGTH;
    private static final int SIZE_OFFSET = ADDRESS_OFFSET + Long.BYTES;

    private final Libc libc;

    /** Through this library. */
    public LockedStack(Libc libc) {
        this.libc = libc;
    }

    /** Populates and locks the stack of the calling thread, as far as the host allows. Answers whether it did. */
    public boolean take() {
        ByteBuffer memory = ByteBuffer.allocateDirect(SIZE_OFFSET + Long.BYTES).order(ByteOrder.nativeOrder());
        long attributes = Libc.address(memory);
        if (libc.pthread_getattr_np(libc.pthread_self(), attributes) != 0) {
            return false;
        }
        int result = libc.pthread_attr_getstack(attributes, attributes + ADDRESS_OFFSET, attributes + SIZE_OFFSET);
        libc.pthread_attr_destroy(attributes);
        long start = memory.getLong(ADDRESS_OFFSET) + GUARD_BYTES;
        return result == 0 && libc.mlock(start, memory.getLong(SIZE_OFFSET) - GUARD_BYTES) == 0;
    }
}
