package io.ramzswap.nbd.libc;

import static io.ramzswap.nbd.libc.Libc.LIBC;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Options of sockets that are an int. */
public final class SocketOption {
    private SocketOption() {}

    /**
     * Has a socket take {@code bytes} that its other end has not read yet; who may not have as many gets what the system
     * allows.
     */
    public static void enlargeSendBuffer(int fd, int bytes) {
        // FORCE goes past net.core.wmem_max and needs CAP_NET_ADMIN; the plain one stops at the limit.
        if (!set(fd, Libc.SOL_SOCKET, Libc.SO_SNDBUFFORCE, bytes)) {
            set(fd, Libc.SOL_SOCKET, Libc.SO_SNDBUF, bytes);
        }
    }

    /** Sets one; false when the kernel refuses. */
    public static boolean set(int fd, int level, int name, int value) {
        final ByteBuffer memory = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
        memory.putInt(0, value);
        try {
            return LIBC.setsockopt(fd, level, name, Libc.address(memory), Integer.BYTES) == 0;
        } finally {
            Reference.reachabilityFence(memory);
        }
    }
}
