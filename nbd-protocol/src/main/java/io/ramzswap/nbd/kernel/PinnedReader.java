package io.ramzswap.nbd.kernel;

import static io.ramzswap.nbd.libc.Libc.LIBC;

import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.BitSet;

/** Reads a device's first block past the page cache, on a processor of choice: the calling thread stays there. */
final class PinnedReader implements AnswerCheck.Reader {
    private static final int BLOCK_BYTES = 4096;

    private static final int O_DIRECT = switch (System.getProperty("os.arch")) {
        case "aarch64", "arm" -> 0x10000;
        case "ppc64", "ppc64le" -> 0x20000;
        default -> 0x4000;
    };

    private final KernelDevice device;

    PinnedReader(KernelDevice device) {
        this.device = device;
    }

    @Override
    public void read(int processor) throws LibcException {
        final BitSet one = new BitSet();
        one.set(processor);
        Affinity.set(Affinity.THIS_THREAD, one);
        final ByteBuffer block = ByteBuffer.allocateDirect(2 * BLOCK_BYTES).alignedSlice(BLOCK_BYTES);
        final int fd = LIBC.open(device.path().toString(), Libc.O_RDONLY | O_DIRECT | Libc.O_CLOEXEC, 0);
        if (fd < 0) {
            throw LibcException.of("open " + device);
        }
        try {
            LIBC.read(fd, Libc.address(block), BLOCK_BYTES);
        } finally {
            LIBC.close(fd);
            Reference.reachabilityFence(block);
        }
    }
}
