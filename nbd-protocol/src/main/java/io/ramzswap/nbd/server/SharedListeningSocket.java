package io.ramzswap.nbd.server;

import static io.ramzswap.nbd.libc.Libc.LIBC;

import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import io.ramzswap.nbd.libc.SocketOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A listening socket that others hold too, as systemd does: closing it takes nothing from them but this descriptor, and who
 * connects meanwhile waits for whoever accepts next.
 *
 * <p>Of what belongs to all of them, it changes how long accepting may wait: until it is closed, a second.
 */
class SharedListeningSocket extends ListeningSocket {
    /** Another who accepts may take the client that was seen here. */
    private static final int ACCEPT_SECONDS = 1;

    /** A struct pollfd: descriptor, wanted events, seen events. */
    private static final int POLLFD_LENGTH = 8;

    private static final int POLLFD_EVENTS = 4;
    private static final int POLLFD_SEEN = 6;

    private final int wakeFd;
    /** The socket, and what wakes. */
    private final ByteBuffer pollFds =
            ByteBuffer.allocateDirect(2 * POLLFD_LENGTH).order(ByteOrder.nativeOrder());

    private final long pollFdsAddress = Libc.address(pollFds);

    /**
     * Takes over a descriptor.
     *
     * @throws LibcException when there is none left to be woken through
     */
    SharedListeningSocket(int fd) throws LibcException {
        super(fd);
        wakeFd = LIBC.eventfd(0, Libc.EFD_CLOEXEC);
        if (wakeFd < 0) {
            throw LibcException.of("eventfd");
        }
        pollFds.putInt(0, fd).putShort(POLLFD_EVENTS, Libc.POLLIN);
        pollFds.putInt(POLLFD_LENGTH, wakeFd).putShort(POLLFD_LENGTH + POLLFD_EVENTS, Libc.POLLIN);
        SocketOption.receiveTimeout(fd, ACCEPT_SECONDS);
    }

    @Override
    boolean await() {
        return LIBC.poll(pollFdsAddress, 2, -1) > 0 && pollFds.getShort(POLLFD_LENGTH + POLLFD_SEEN) == 0;
    }

    @Override
    void wake() {
        LIBC.eventfd_write(wakeFd, 1);
    }

    @Override
    void release() {
        SocketOption.receiveTimeout(fd, 0);
        LIBC.close(wakeFd);
        super.release();
    }
}
