package io.ramzswap.control;

import io.ramzswap.exchange.Answer;
import io.ramzswap.exchange.Limits;
import io.ramzswap.exchange.RequestServer;
import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the control protocol on a socket, on threads of its own, until it is closed. */
public final class ControlServer implements AutoCloseable {
    /** The most requests that are carried out at a time; one more is refused. */
    public static final int MAX_REQUESTS = 16;

    /** The most clients that have no request under way; one more has the oldest of them dropped. */
    public static final int MAX_WAITING = 64;

    /** How long a client may take over a line. On a machine out of memory it waits for its own code to be read from disk. */
    public static final int IDLE_TIMEOUT_MILLIS = 60_000;

    /** The daemon's heap has a few megabytes; a usual request has a hundred bytes. */
    private static final int MAX_WAITING_BYTES = 256 << 10;

    private static final Limits LIMITS =
            new Limits(LineChannel.MAX_LINE_BYTES, MAX_WAITING, MAX_WAITING_BYTES, MAX_REQUESTS, IDLE_TIMEOUT_MILLIS);
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    private final ControlSocket socket;
    private final RequestServer server;

    private ControlServer(ControlSocket socket, RequestServer server) {
        this.socket = socket;
        this.server = server;
    }

    /**
     * Listens and serves at {@code path}.
     *
     * @throws ControlSocketException if somebody else does, or it cannot be made; nothing is left behind
     */
    public static ControlServer start(Path path, ControlHandler handler) throws ControlSocketException {
        return start(path, handler, IDLE_TIMEOUT_MILLIS);
    }

    static ControlServer start(Path path, ControlHandler handler, int idleTimeoutMillis) throws ControlSocketException {
        ControlSocket socket = ControlSocket.bind(path);
        try {
            Peers peers = Peers.rootAndOwnerOf(socket.path());
            RequestServer server = RequestServer.start(
                    socket.server(),
                    client -> refusal(peers, client),
                    new ControlService(handler),
                    LIMITS.withIdleMillis(idleTimeoutMillis),
                    "control");
            return new ControlServer(socket, server);
        } catch (IOException e) {
            closeQuietly(socket, ControlSocket::discard);
            throw new ControlSocketException(Refusal.of(e), "the control socket " + path + ": " + e.getMessage(), e);
        }
    }

    private static Optional<Answer> refusal(Peers peers, SocketChannel client) throws IOException {
        return peers.permits(client)
                ? Optional.empty()
                : Optional.of(ControlService.refusal(
                        Refusal.NOT_PERMITTED, "only root and the user who runs the daemon may control it"));
    }

    /** Stops serving and removes the socket. A request that is being carried out has a second to end. */
    @Override
    public void close() {
        close(ControlSocket::close);
    }

    /** Closes it, and leaves nothing behind, not even its lock: the daemon has not started. */
    public void abandon() {
        close(ControlSocket::discard);
    }

    private void close(Closing closing) {
        server.close();
        closeQuietly(socket, closing);
    }

    /** One of the ways to close a socket. */
    @FunctionalInterface
    private interface Closing {
        void of(ControlSocket socket) throws IOException;
    }

    private static void closeQuietly(ControlSocket socket, Closing closing) {
        try {
            closing.of(socket);
        } catch (IOException e) {
            LOG.warn("The control socket {} could not be removed: {}", socket.path(), e.toString());
        }
    }
}
