package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.BitSet;

/** Reads a device's first block past the page cache, on a processor of choice: the calling thread stays there. */
final class PinnedReader implements AnswerCheck.Reader {
    private static final int BLOCK_BYTES = 4096;

    private final Libc libc = Libc.system();
    private final KernelDevice device;

    PinnedReader(KernelDevice device) {
        this.device = device;
    }

    @Override
    public void read(int processor) throws LibcException {
        final BitSet one = new BitSet();
        one.set(processor);
        Affinity.set(libc, Affinity.THIS_THREAD, one);
        final ByteBuffer block = ByteBuffer.allocateDirect(2 * BLOCK_BYTES).alignedSlice(BLOCK_BYTES);
        final int fd = libc.open(device.path().toString(), Libc.O_RDONLY | Libc.O_DIRECT | Libc.O_CLOEXEC, 0);
        if (fd < 0) {
            throw LibcException.of(libc, "open " + device);
        }
        try {
            libc.read(fd, Libc.address(block), BLOCK_BYTES);
        } finally {
            libc.close(fd);
            Reference.reachabilityFence(block);
        }
    }
}
