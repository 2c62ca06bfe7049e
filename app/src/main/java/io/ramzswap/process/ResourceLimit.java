package io.ramzswap.process;

import io.ramzswap.libc.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/** A limit that the kernel sets this process. Source: getrlimit(2); {@code struct rlimit} is the soft limit, then the hard one. */
final class ResourceLimit {
    private static final int SOFT_OFFSET = 0;
    private static final int HARD_OFFSET = Long.BYTES;

    private final Libc libc;
    private final int resource;

    /**
     * That one.
     *
     * @param resource as {@link Libc#RLIMIT_MEMLOCK}
     */
    ResourceLimit(Libc libc, int resource) {
        this.libc = libc;
        this.resource = resource;
    }

    /** Takes both away, which needs CAP_SYS_RESOURCE; without that, raises the soft one to the hard one. */
    void raise() {
        ByteBuffer limit = memory();
        limit.putLong(SOFT_OFFSET, Libc.RLIM_INFINITY).putLong(HARD_OFFSET, Libc.RLIM_INFINITY);
        if (libc.setrlimit(resource, Libc.address(limit)) != 0) {
            libc.getrlimit(resource, Libc.address(limit));
            limit.putLong(SOFT_OFFSET, limit.getLong(HARD_OFFSET));
            libc.setrlimit(resource, Libc.address(limit));
        }
    }

    /** The soft limit; empty if there is none. */
    OptionalLong soft() {
        ByteBuffer limit = memory();
        libc.getrlimit(resource, Libc.address(limit));
        long value = limit.getLong(SOFT_OFFSET);
        return value == Libc.RLIM_INFINITY ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static ByteBuffer memory() {
        return ByteBuffer.allocateDirect(2 * Long.BYTES).order(ByteOrder.nativeOrder());
    }
}
