package io.ramzswap.nbd.server;

import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import io.ramzswap.nbd.libc.PollSet;
import io.ramzswap.nbd.libc.SocketOption;

/**
 * A listening socket that others hold too, as systemd does: closing it takes nothing from them but this descriptor, and who
 * connects meanwhile waits for whoever accepts next.
 *
 * <p>Of what belongs to all of them, it changes how long accepting may wait: until it is closed, a second.
 */
class SharedListeningSocket extends ListeningSocket {
    /** Another who accepts may take the client that was seen here. */
    private static final int ACCEPT_SECONDS = 1;

    private static final int CLIENT = 0;
    private static final int WAKING = 1;

    private final int wakeFd;
    private final PollSet poll;

    /**
     * Takes over a descriptor.
     *
     * @throws LibcException when there is none left to be woken through
     */
    SharedListeningSocket(Libc libc, int fd) throws LibcException {
        super(libc, fd);
        poll = new PollSet(libc, 2);
        wakeFd = libc.eventfd(0, Libc.EFD_CLOEXEC);
        if (wakeFd < 0) {
            throw LibcException.of(libc, "eventfd");
        }
        poll.set(CLIENT, fd, Libc.POLLIN);
        poll.set(WAKING, wakeFd, Libc.POLLIN);
        SocketOption.receiveTimeout(libc, fd, ACCEPT_SECONDS);
    }

    @Override
    boolean await() {
        return poll.await(-1) > 0 && !poll.isSeen(WAKING);
    }

    @Override
    void wake() {
        libc.eventfd_write(wakeFd, 1);
    }

    @Override
    void release() {
        SocketOption.receiveTimeout(libc, fd, 0);
        libc.close(wakeFd);
        super.release();
    }
}
