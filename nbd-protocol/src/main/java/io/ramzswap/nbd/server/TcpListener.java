package io.ramzswap.nbd.server;

import static io.ramzswap.nbd.libc.Libc.LIBC;

import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.InternetAddress;
import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import io.ramzswap.nbd.libc.SocketOption;
import io.ramzswap.nbd.transport.FdTransport;
import io.ramzswap.nbd.transport.Transport;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Listens on a TCP port. */
public final class TcpListener implements Listener {
    /** The port that IANA gave to NBD. */
    public static final int DEFAULT_PORT = 10809;

    private static final int BACKLOG = 128;

    private final InetSocketAddress bound;
    private final ListeningSocket socket;

    private TcpListener(InetSocketAddress bound, int fd) {
        this.bound = bound;
        socket = new ListeningSocket(fd);
    }

    /**
     * Starts listening.
     *
     * @param address of this machine; port 0 takes any that is free
     * @throws AddressInUseException when another server listens there
     * @throws IOException with the reason
     */
    public static TcpListener listen(InetSocketAddress address) throws IOException {
        if (address.isUnresolved()) {
            throw new UnknownHostException("no such host: " + address.getHostString());
        }
        final InternetAddress struct = new InternetAddress(address);
        final int fd = LIBC.socket(struct.family(), Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw LibcException.of("socket");
        }
        // A port whose last connections are still being buried is free all the same.
        SocketOption.set(fd, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
        try {
            if (LIBC.bind(fd, struct.address(), struct.length()) < 0 || LIBC.listen(fd, BACKLOG) < 0) {
                final int errno = Libc.lastErrno();
                LIBC.close(fd);
                throw errno == Errno.EADDRINUSE
                        ? new AddressInUseException("tcp:" + text(address))
                        : new LibcException("cannot listen on " + text(address), errno);
            }
        } finally {
            Reference.reachabilityFence(struct);
        }
        return new TcpListener(InternetAddress.boundTo(fd).orElse(address), fd);
    }

    /** The address that it listens on, with the port that the system chose. */
    public InetSocketAddress boundAddress() {
        return bound;
    }

    @Override
    public Transport accept() throws IOException {
        final int client = socket.accept();
        TcpOptions.set(client);
        return FdTransport.watchful(client);
    }

    @Override
    public String address() {
        return "tcp:" + text(bound);
    }

    @Override
    public boolean isPublic() {
        return !bound.getAddress().isLoopbackAddress();
    }

    @Override
    public void close() {
        socket.close();
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }
}
