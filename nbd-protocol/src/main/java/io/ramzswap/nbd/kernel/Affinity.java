package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.BitSet;

/** The processors that a thread may run on. Source: sched_setaffinity(2). */
final class Affinity {
    /** The calling thread. */
    static final int THIS_THREAD = 0;

    /** Room for 8192 processors, the most that Linux is configured for. */
    private static final int MASK_BYTES = 1024;

    private Affinity() {}

    static BitSet get(Libc libc, int tid) throws LibcException {
        final ByteBuffer mask = ByteBuffer.allocateDirect(MASK_BYTES);
        try {
            if (libc.sched_getaffinity(tid, MASK_BYTES, Libc.address(mask)) != 0) {
                throw LibcException.of(libc, "sched_getaffinity");
            }
            return BitSet.valueOf(mask);
        } finally {
            Reference.reachabilityFence(mask);
        }
    }

    /** Fails if none of them is online and this process's to use. */
    static void set(Libc libc, int tid, BitSet processors) throws LibcException {
        final ByteBuffer mask = ByteBuffer.allocateDirect(MASK_BYTES).put(0, processors.toByteArray());
        try {
            if (libc.sched_setaffinity(tid, MASK_BYTES, Libc.address(mask)) != 0) {
                throw LibcException.of(libc, "sched_setaffinity to processors " + processors);
            }
        } finally {
            Reference.reachabilityFence(mask);
        }
    }

    /** Takes processors away from a thread; if they are all it has, it keeps them. */
    static void leave(Libc libc, int tid, BitSet processors) throws LibcException {
        final BitSet rest = get(libc, tid);
        rest.andNot(processors);
        if (!rest.isEmpty()) {
            set(libc, tid, rest);
        }
    }
}
