package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import io.ramzswap.nbd.libc.SocketOption;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Two connected Unix stream sockets.
 *
 * @param ours descriptor of the server's end
 * @param kernels descriptor of the end that the kernel is given
 */
record SocketPair(int ours, int kernels) {
    /** A pair whose both ends take {@code bufferBytes} before a sender has to wait, as far as the system allows. */
    static SocketPair open(Libc libc, int bufferBytes) throws LibcException {
        final ByteBuffer fds = ByteBuffer.allocateDirect(2 * Integer.BYTES).order(ByteOrder.nativeOrder());
        try {
            if (libc.socketpair(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0, Libc.address(fds)) < 0) {
                throw LibcException.of(libc, "socketpair");
            }
            final SocketPair pair = new SocketPair(fds.getInt(0), fds.getInt(Integer.BYTES));
            SocketOption.enlargeSendBuffer(libc, pair.ours, bufferBytes);
            SocketOption.enlargeSendBuffer(libc, pair.kernels, bufferBytes);
            return pair;
        } finally {
            Reference.reachabilityFence(fds);
        }
    }
}
