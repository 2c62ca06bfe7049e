package io.ramzswap.control;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the control protocol on a socket, on threads of its own, until it is closed. */
public final class ControlServer implements AutoCloseable {
    /** How many clients are served at a time. */
    public static final int MAX_CLIENTS = 8;

    /** How long a client may take over a line. On a machine out of memory it waits for its own code to be read from disk. */
    public static final int IDLE_TIMEOUT_MILLIS = 60_000;

    /** How long a client waits for another to leave when {@link #MAX_CLIENTS} are being served, before it is refused. */
    public static final int PATIENCE_MILLIS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final int PAUSE_AFTER_FAILED_ACCEPT_MILLIS = 100;

    private final ControlSocket socket;
    private final Peers peers;
    private final ControlHandler handler;
    private final int idleTimeoutMillis;
    private final Semaphore free = new Semaphore(MAX_CLIENTS);
    private final ExecutorService workers = Executors.newFixedThreadPool(MAX_CLIENTS, threads());
    private final Thread acceptor = new Thread(this::acceptUntilClosed, "control-accept");

    private ControlServer(ControlSocket socket, ControlHandler handler, int idleTimeoutMillis) throws IOException {
        this.socket = socket;
        this.peers = Peers.rootAndOwnerOf(socket.path());
        this.handler = handler;
        this.idleTimeoutMillis = idleTimeoutMillis;
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
            ControlServer server = new ControlServer(socket, handler, idleTimeoutMillis);
            server.acceptor.start();
            return server;
        } catch (IOException e) {
            closeQuietly(socket, ControlSocket::discard);
            throw new ControlSocketException(ErrorCode.of(e), "the control socket " + path + ": " + e.getMessage(), e);
        }
    }

    private static ThreadFactory threads() {
        AtomicInteger count = new AtomicInteger();
        return task -> new Thread(task, "control-" + count.incrementAndGet());
    }

    private void acceptUntilClosed() {
        while (socket.server().isOpen()) {
            try {
                accept(socket.server().accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException | Error e) {
                // An error, too: without this thread nobody could take the swap down any more.
                LOG.warn("A control connection could not be accepted: {}", e.toString());
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_FAILED_ACCEPT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // serve() handles whatever can go wrong in it
    private void accept(SocketChannel channel) throws IOException {
        LineChannel lines = new LineChannel(channel, idleTimeoutMillis);
        try {
            if (!peers.permits(channel)) {
                refuse(lines, ErrorCode.NOT_PERMITTED, "only root and the user who runs the daemon may control it");
            } else if (!aWorkerComesFree()) {
                refuse(
                        lines,
                        ErrorCode.BUSY,
                        "the daemon serves " + MAX_CLIENTS + " control clients already; try again");
            } else {
                workers.submit(() -> serve(lines));
            }
        } catch (IOException | RuntimeException | Error e) {
            lines.close();
            throw e;
        }
    }

    /** Those who wait to be accepted meanwhile stand in the socket's queue. */
    private boolean aWorkerComesFree() {
        try {
            return free.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void refuse(LineChannel lines, ErrorCode code, String message) throws IOException {
        try (lines) {
            lines.writeLine(ControlCodec.encode(ControlReply.failed(code, message)));
        }
    }

    private void serve(LineChannel lines) {
        try (lines) {
            converse(lines);
        } catch (SocketTimeoutException e) {
            LOG.info("A control client was given up: {}", e.getMessage());
        } catch (IOException e) {
            LOG.debug("A control client went away: {}", e.toString());
        } catch (RuntimeException | Error e) {
            LOG.error("A control client could not be served", e);
        } finally {
            free.release();
        }
    }

    private void converse(LineChannel lines) throws IOException {
        try {
            Optional<String> line = lines.readLine();
            while (line.isPresent()) {
                lines.writeLine(answer(ControlCodec.decodeRequest(line.get())));
                line = lines.readLine();
            }
        } catch (MalformedMessageException e) {
            LOG.warn("A control client was sent away: {}", e.getMessage());
            lines.writeLine(ControlCodec.encode(
                    ControlReply.failed(ErrorCode.BAD_REQUEST, "not a request: " + e.getMessage())));
        }
    }

    private String answer(ControlRequest request) {
        try {
            return ControlCodec.encode(handler.handle(request));
        } catch (RuntimeException | Error e) {
            LOG.error("{} of {} failed", request.operation(), request.device(), e);
            return ControlCodec.encode(ControlReply.failed(
                    ErrorCode.INTERNAL,
                    "a fault of the daemon's: " + e + "; its log has the details, please report it"));
        }
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
        closeQuietly(socket, closing);
        workers.shutdown();
        try {
            acceptor.join();
            if (!workers.awaitTermination(1, TimeUnit.SECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
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
