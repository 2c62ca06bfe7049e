package io.ramzswap.nbd.server;

import io.ramzswap.nbd.closing.Undo;
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

    private final Libc libc;
    private final InetSocketAddress bound;
    private final ListeningSocket socket;

    private TcpListener(Libc libc, InetSocketAddress bound, int fd) {
        this.libc = libc;
        this.bound = bound;
        socket = new ListeningSocket(libc, fd);
    }

    /**
     * Starts listening.
     *
     * @param address of this machine; port 0 takes any that is free
     * @throws AddressInUseException when another server listens there
     * @throws IOException with the reason
     */
    public static TcpListener listen(InetSocketAddress address) throws IOException {
        final Libc libc = Libc.system();
        if (address.isUnresolved()) {
            throw new UnknownHostException("no such host: " + address.getHostString());
        }
        final InternetAddress struct = new InternetAddress(address);
        final int fd = libc.socket(struct.family(), Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw LibcException.of(libc, "socket");
        }
        try (Undo undo = new Undo()) {
            undo.with(fd, libc::close);
            // A port whose last connections are still being buried is free all the same.
            SocketOption.set(libc, fd, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
            if (libc.bind(fd, struct.address(), struct.length()) < 0 || libc.listen(fd, BACKLOG) < 0) {
                final int errno = libc.errno();
                throw errno == Errno.EADDRINUSE
                        ? new AddressInUseException("tcp:" + text(address))
                        : new LibcException("cannot listen on " + text(address), errno);
            }
            final InetSocketAddress bound = InternetAddress.boundTo(libc, fd).orElse(address);
            return undo.done(new TcpListener(libc, bound, fd));
        } finally {
            Reference.reachabilityFence(struct);
        }
    }

    /** The address that it listens on, with the port that the system chose. */
    public InetSocketAddress boundAddress() {
        return bound;
    }

    @Override
    public Transport accept() throws IOException {
        final int client = socket.accept();
        TcpOptions.set(libc, client);
        return FdTransport.watchful(libc, client);
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
