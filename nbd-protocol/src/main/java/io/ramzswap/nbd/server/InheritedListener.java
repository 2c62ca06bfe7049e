package io.ramzswap.nbd.server;

import io.ramzswap.nbd.libc.InternetAddress;
import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.SocketOption;
import io.ramzswap.nbd.transport.FdTransport;
import io.ramzswap.nbd.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Listens on a socket that whoever started this process has bound: systemd's socket activation, which other clients'
 * libraries use too. Closing leaves the socket to whoever else holds it: who connects then waits for the next server.
 *
 * <p>Source: systemd's manual page sd_listen_fds(3).
 */
public final class InheritedListener implements Listener {
    private static final int FIRST_FD = 3;
    private static final int MOST_FDS = 64;

    private final Libc libc;
    private final int fd;
    private final Optional<InetSocketAddress> internet;
    private final SharedListeningSocket socket;

    private InheritedListener(Libc libc, int fd) throws IOException {
        this.libc = libc;
        this.fd = fd;
        internet = InternetAddress.boundTo(libc, fd);
        socket = new SharedListeningSocket(libc, fd);
    }

    /**
     * The sockets meant for this process; none when it was not started that way.
     *
     * @param environment as of {@link System#getenv()}
     * @param pid of this process
     * @throws IOException when the environment speaks of sockets that are none
     */
    public static List<Listener> fromEnvironment(Map<String, String> environment, long pid) throws IOException {
        final List<Listener> listeners = new ArrayList<>();
        if (Long.toString(pid).equals(environment.get("LISTEN_PID"))) {
            final int count = count(environment.getOrDefault("LISTEN_FDS", "0"));
            for (int fd = FIRST_FD; fd < FIRST_FD + count; fd++) {
                listeners.add(ofFd(fd));
            }
        }
        return listeners;
    }

    /** Listens on a descriptor, which it takes over. */
    public static Listener ofFd(int fd) throws IOException {
        final Libc libc = Libc.system();
        libc.fcntl(fd, Libc.F_SETFD, Libc.FD_CLOEXEC);
        return new InheritedListener(libc, fd);
    }

    @Override
    public Transport accept() throws IOException {
        final int client = socket.accept();
        // TCP hands the listening socket's limit on to those that were accepted.
        SocketOption.receiveTimeout(libc, client, 0);
        if (internet.isPresent()) {
            TcpOptions.set(libc, client);
        }
        return FdTransport.watchful(libc, client);
    }

    @Override
    public String address() {
        return internet.map(address -> "tcp:" + address.getHostString() + ":" + address.getPort())
                .orElse("fd:" + fd);
    }

    @Override
    public boolean isPublic() {
        return internet.isPresent() && !internet.get().getAddress().isLoopbackAddress();
    }

    @Override
    public void close() {
        socket.close();
    }

    private static int count(String text) throws IOException {
        try {
            final int count = Integer.parseInt(text);
            if (count >= 0 && count <= MOST_FDS) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IOException("LISTEN_FDS is '" + text + "', not a number from 0 to " + MOST_FDS);
    }
}
