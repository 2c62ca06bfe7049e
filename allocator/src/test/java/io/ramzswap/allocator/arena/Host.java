package io.ramzswap.allocator.arena;

import io.ramzswap.allocator.libc.Errno;

/** A host whose memory runs out once {@link #full} is set. */
final class Host extends ForwardingLibc {
    volatile boolean full;

    @Override
    public int madvise(long address, long bytes, int advice) {
        return full ? failWith(Errno.ENOMEM) : super.madvise(address, bytes, advice);
    }
}
