package io.ramzswap.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A connection to the daemon. For one thread. */
public final class ControlClient implements AutoCloseable {
    /** An init populates tables and waits for the kernel, maybe on a machine short of memory. */
    private static final int REPLY_TIMEOUT_MILLIS = 300_000;

    private final Path path;
    private final LineChannel lines;

    private ControlClient(Path path, LineChannel lines) {
        this.path = path;
        this.lines = lines;
    }

    /**
     * Connects to the daemon whose socket is {@code path}.
     *
     * @throws DaemonUnreachableException if nobody answers there
     * @throws ControlSocketException if the socket is closed to this user
     */
    public static ControlClient connect(Path path) throws IOException {
        try {
            Files.getLastModifiedTime(path);
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(path));
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            return new ControlClient(path, new LineChannel(channel, REPLY_TIMEOUT_MILLIS));
        } catch (NoSuchFileException e) {
            throw new DaemonUnreachableException(
                    "no daemon at " + path + ": start ramzswapd, or name its socket with --control", e);
        } catch (ConnectException e) {
            throw new DaemonUnreachableException("the daemon that made " + path + " is gone: start ramzswapd again", e);
        } catch (AccessDeniedException e) {
            throw notPermitted(path, e);
        } catch (IOException e) {
            if (!Files.isWritable(path)) {
                throw notPermitted(path, e);
            }
            throw new DaemonUnreachableException("the daemon at " + path + " cannot be reached: " + e.getMessage(), e);
        }
    }

    private static ControlSocketException notPermitted(Path path, IOException cause) {
        return new ControlSocketException(
                ErrorCode.NOT_PERMITTED,
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
        try {
            send(request);
            return ControlCodec.decodeReply(lines.readLine().orElseThrow(() -> hungUp(null)));
        } catch (SocketTimeoutException e) {
            throw new DaemonUnreachableException("the daemon at " + path + " does not answer: " + e.getMessage(), e);
        } catch (MalformedMessageException e) {
            throw new DaemonUnreachableException(
                    "what listens at " + path + " is no ramzswapd of this version: " + e.getMessage(), e);
        } catch (SocketException e) {
            throw hungUp(e);
        }
    }

    /** A server that turns clients away answers before it is asked; then sending fails, and the answer is there. */
    private void send(ControlRequest request) throws IOException {
        try {
            lines.writeLine(ControlCodec.encode(request));
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
