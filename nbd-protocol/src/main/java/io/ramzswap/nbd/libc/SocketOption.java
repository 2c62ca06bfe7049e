package io.ramzswap.nbd.libc;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Options of sockets. */
public final class SocketOption {
    private SocketOption() {}

    /**
     * Has a socket take {@code bytes} that its other end has not read yet; who may not have as many gets what the system
     * allows.
     */
    public static void enlargeSendBuffer(Libc libc, int fd, int bytes) {
        // FORCE goes past net.core.wmem_max and needs CAP_NET_ADMIN; the plain one stops at the limit.
        if (!set(libc, fd, Libc.SOL_SOCKET, Libc.SO_SNDBUFFORCE, bytes)) {
            set(libc, fd, Libc.SOL_SOCKET, Libc.SO_SNDBUF, bytes);
        }
    }

    /** Limits how long accepting or receiving may wait; 0 takes the limit away. */
    public static void receiveTimeout(Libc libc, int fd, int seconds) {
        // A struct timeval: seconds, microseconds.
        final ByteBuffer memory = ByteBuffer.allocateDirect(2 * Long.BYTES).order(ByteOrder.nativeOrder());
        memory.putLong(0, seconds);
        set(libc, fd, Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, memory);
    }

    /** Sets one that is an int; false when the kernel refuses. */
    public static boolean set(Libc libc, int fd, int level, int name, int value) {
        final ByteBuffer memory = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
        memory.putInt(0, value);
        return set(libc, fd, level, name, memory);
    }

    private static boolean set(Libc libc, int fd, int level, int name, ByteBuffer memory) {
        try {
            return libc.setsockopt(fd, level, name, Libc.address(memory), memory.capacity()) == 0;
        } finally {
            Reference.reachabilityFence(memory);
        }
    }
}
