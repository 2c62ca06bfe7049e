package io.ramzswap.control;

import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A connection to the daemon. For one thread. */
public final class ControlClient implements AutoCloseable {
    /** Whoever watches has to hear of a daemon that hangs: Prometheus gives us 10 seconds, and systemd a start 3 minutes. */
    private static final Patience PATIENCE = new Patience(
            5_000,
            // An init populates tables and waits for the kernel, maybe on a machine short of memory.
            300_000);

    private static final int PAUSE_BEFORE_CONNECTING_AGAIN_MILLIS = 20;

    private final Path path;
    private final LineChannel lines;
    private final Patience patience;

    /**
     * How long the daemon is waited for.
     *
     * @param questionMillis until it takes the connection, and until it answers a question
     * @param changeMillis until it has changed something
     */
    record Patience(int questionMillis, int changeMillis) {
        int millis(Operation operation) {
            return operation.isQuestion() ? questionMillis : changeMillis;
        }
    }

    private ControlClient(Path path, LineChannel lines, Patience patience) {
        this.path = path;
        this.lines = lines;
        this.patience = patience;
    }

    /**
     * Connects to the daemon whose socket is {@code path}.
     *
     * @throws DaemonUnreachableException if nobody answers there
     * @throws ControlSocketException if the socket is closed to this user
     */
    public static ControlClient connect(Path path) throws IOException {
        return connect(path, PATIENCE);
    }

    static ControlClient connect(Path path, Patience patience) throws IOException {
        SocketFile.requireName(path, SocketFile.MAX_NAME_BYTES);
        try {
            requireSocket(path);
            return new ControlClient(
                    path, new LineChannel(channel(path, patience), patience.questionMillis()), patience);
        } catch (SocketTimeoutException e) {
            throw silent(path, e);
        } catch (NoSuchFileException e) {
            throw new DaemonUnreachableException(
                    isBelowAFile(path)
                            ? "no daemon at " + path + " (Not a directory): name its socket with --control"
                            : "no daemon at " + path + ": start ramzswapd, or name its socket with --control",
                    e);
        } catch (ConnectException e) {
            throw new DaemonUnreachableException("the daemon that made " + path + " is gone: start ramzswapd again", e);
        } catch (AccessDeniedException e) {
            throw notPermitted(path, e);
        } catch (FileSystemException e) {
            throw new DaemonUnreachableException(
                    "no daemon at " + path + " (" + e.getReason() + "): name its socket with --control", e);
        } catch (ControlSocketException e) {
            throw e;
        } catch (IOException e) {
            if (!Files.isWritable(path)) {
                throw notPermitted(path, e);
            }
            throw new DaemonUnreachableException("the daemon at " + path + " cannot be reached: " + e.getMessage(), e);
        }
    }

    /** Such a name does not exist, either, since JDK 25; before, it was an error of its own. */
    private static boolean isBelowAFile(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        return parent != null && !Files.isDirectory(parent);
    }

    private static void requireSocket(Path path) throws IOException {
        if (!SocketFile.isSocket(path)) {
            throw new ControlSocketException(
                    Refusal.INVALID_VALUE,
                    path + " is no socket, so no daemon can be reached there: name its socket with --control",
                    null);
        }
    }

    /** A daemon that accepts its clients no more has a queue of them, and when that is full the kernel refuses for now. */
    private static SocketChannel channel(Path path, Patience patience) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patience.questionMillis());
        while (true) {
            Optional<SocketChannel> channel = channelNow(path);
            if (channel.isPresent()) {
                return channel.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new SocketTimeoutException("no connection for " + patience.questionMillis() + " milliseconds");
            }
            pause();
        }
    }

    /** Empty if that would take a while. */
    private static Optional<SocketChannel> channelNow(Path path) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        boolean connected = false;
        try {
            channel.configureBlocking(false);
            connected = channel.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException e) {
            throw e;
        } catch (SocketException e) {
            // That it would block is an error to Java, and not told from others.
            if (!Files.isWritable(path)) {
                throw e;
            }
        } finally {
            if (!connected) {
                channel.close();
            }
        }
        return connected ? Optional.of(channel) : Optional.empty();
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_BEFORE_CONNECTING_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private static DaemonUnreachableException silent(Path path, SocketTimeoutException cause) {
        return new DaemonUnreachableException(
                "the daemon at " + path + " does not answer (" + cause.getMessage()
                        + "): it hangs, or still does something else with the device; see its log",
                cause,
                true);
    }

    private static ControlSocketException notPermitted(Path path, IOException cause) {
        return new ControlSocketException(
                Refusal.NOT_PERMITTED,
                "no permission to control the daemon at " + path
                        + ": run rzscontrol as root or as the user who runs it",
                cause);
    }

    /**
     * Has one operation carried out.
     *
     * @throws DaemonUnreachableException if no answer comes; then it may or may not have been carried out
     */
    public ControlReply call(ControlRequest request) throws IOException {
        lines.setTimeoutMillis(patience.millis(request.operation()));
        try {
            send(request);
            ControlReply reply = ControlCodec.decodeReply(lines.readLine().orElseThrow(() -> hungUp(null)));
            requireAnswer(request.operation(), reply);
            return reply;
        } catch (SocketTimeoutException e) {
            throw silent(path, e);
        } catch (LineChannel.CutOffException e) {
            throw hungUp(e);
        } catch (MalformedMessageException e) {
            throw new DaemonUnreachableException(
                    "what listens at " + path + " is no ramzswapd of this version: " + e.getMessage(), e);
        } catch (SocketException e) {
            throw hungUp(e);
        }
    }

    private static void requireAnswer(Operation operation, ControlReply reply) throws MalformedMessageException {
        boolean isThere = reply.failure().isPresent()
                || switch (operation) {
                    case STATS -> reply.statistics().isPresent();
                    case PROCESS -> reply.process().isPresent();
                    case LIST -> reply.devices().isPresent();
                    default -> true;
                };
        if (!isThere) {
            throw new MalformedMessageException("an answer without what was asked for");
        }
    }

    /** A server that turns clients away answers before it is asked; then sending fails, and the answer is there. */
    private void send(ControlRequest request) throws IOException {
        try {
            lines.writeLine(ControlCodec.STANDARD.encode(request));
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // Reading tells more: the server's reason, or that it hung up.
        }
    }

    private DaemonUnreachableException hungUp(IOException cause) {
        return new DaemonUnreachableException(
                "the daemon at " + path + " hung up without an answer: see its log", cause);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
