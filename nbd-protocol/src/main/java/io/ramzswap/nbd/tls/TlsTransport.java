package io.ramzswap.nbd.tls;

import io.ramzswap.nbd.transport.CpuLatency;
import io.ramzswap.nbd.transport.Transport;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * TLS over another transport, which it closes with itself. However it ends, the client is told, if it can be: by an alert when
 * TLS itself fails, by close_notify otherwise.
 *
 * <pre>
 *            read                    unwrap
 *  transport ----> received (TLS) -----------> plain ----> caller's buffer
 *
 *            write                     wrap
 *  transport <---- toSend (TLS) <------------ caller's buffer
 * </pre>
 */
public final class TlsTransport implements Transport {
    private static final long FAREWELL_MILLIS = 1000;
    private static final int MOST_WORDS = 3;

    private final Transport transport;
    private final SSLEngine engine;
    /** From position to limit: TLS records that came and are not opened yet. */
    private final ByteBuffer received;
    /** From position to limit: what was in them and is not read yet. */
    private final ByteBuffer plain;

    private final ByteBuffer toSend;
    private boolean failed;
    /** Nothing more can be said, or the last word was. */
    private boolean silenced;

    /** Over a transport whose next byte is the client's first of TLS. */
    public TlsTransport(Transport transport, SSLEngine engine) {
        this.transport = transport;
        this.engine = engine;
        final int packet = engine.getSession().getPacketBufferSize();
        received = ByteBuffer.allocateDirect(2 * packet).limit(0);
        plain = ByteBuffer.allocateDirect(2 * engine.getSession().getApplicationBufferSize())
                .limit(0);
        toSend = ByteBuffer.allocateDirect(2 * packet);
    }

    /** Does TLS's own handshake; false when it fails, as with a client that is not trusted. */
    public boolean handshake() {
        try {
            engine.beginHandshake();
            return progress(false);
        } catch (SSLException e) {
            return failWithAlert();
        }
    }

    @Override
    public int read(ByteBuffer buffer, int position, int length) {
        while (!plain.hasRemaining()) {
            try {
                if (failed || !progress(true)) {
                    return ENDED;
                }
            } catch (SSLException e) {
                failWithAlert();
                return ENDED;
            }
        }
        final int count = Math.min(length, plain.remaining());
        buffer.put(position, plain, plain.position(), count);
        plain.position(plain.position() + count);
        return count;
    }

    @Override
    public boolean write(ByteBuffer buffer, int position, int length) {
        final ByteBuffer source = buffer.duplicate().limit(position + length).position(position);
        try {
            while (source.hasRemaining()) {
                if (failed || !wrap(source)) {
                    return fail();
                }
            }
            return true;
        } catch (SSLException e) {
            return failWithAlert();
        }
    }

    @Override
    public void deadlineAfter(long millis) {
        transport.deadlineAfter(millis);
    }

    @Override
    public void keepAwake(CpuLatency latency) {
        transport.keepAwake(latency);
    }

    @Override
    public void shutdown() {
        transport.shutdown();
    }

    @Override
    public void close() {
        if (!silenced) {
            engine.closeOutbound();
            sayLastWords();
            silenced = true;
        }
        transport.close();
    }

    /**
     * Does what the engine wants next, until plain bytes came ({@code wantPlain}) or the handshake is done.
     *
     * @return false when the client has closed
     */
    private boolean progress(boolean wantPlain) throws SSLException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> {
                    if (!wrap(ByteBuffer.allocate(0))) {
                        return fail();
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!unwrap()) {
                        return false;
                    }
                }
                default -> {
                    if (!wantPlain || plain.hasRemaining()) {
                        return true;
                    }
                    if (!unwrap()) {
                        return false;
                    }
                }
            }
            if (wantPlain && plain.hasRemaining()) {
                return true;
            }
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** Opens one record, reading more when it is not whole; false when the stream has ended. */
    private boolean unwrap() throws SSLException {
        plain.compact();
        final SSLEngineResult result;
        try {
            result = engine.unwrap(received, plain);
        } finally {
            plain.flip();
        }
        return switch (result.getStatus()) {
            case OK -> true;
            case BUFFER_UNDERFLOW -> receive();
            case CLOSED -> false;
            case BUFFER_OVERFLOW -> throw new SSLException("a record larger than TLS allows");
        };
    }

    private boolean receive() {
        received.compact();
        final int count =
                received.hasRemaining() ? transport.read(received, received.position(), received.remaining()) : ENDED;
        if (count > 0) {
            received.position(received.position() + count);
        }
        received.flip();
        return count > 0 || fail();
    }

    private boolean wrap(ByteBuffer source) throws SSLException {
        toSend.clear();
        final SSLEngineResult result = engine.wrap(source, toSend);
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
            throw new SSLException("a record larger than the session said");
        }
        silenced |= !transport.write(toSend, 0, toSend.position());
        return !silenced && (result.getStatus() == SSLEngineResult.Status.OK || !source.hasRemaining());
    }

    private boolean fail() {
        failed = true;
        return false;
    }

    private boolean failWithAlert() {
        if (!silenced) {
            sayLastWords();
            // What is closed with bytes unread is reset, and the alert may be lost with it: the client goes first.
            while (!silenced && transport.read(received, 0, received.capacity()) > 0) {
                // Nobody wants that any more.
            }
            silenced = true;
        }
        return fail();
    }

    /** A client that no longer reads, or never goes, shall not keep us from closing. */
    private void sayLastWords() {
        transport.deadlineAfter(FAREWELL_MILLIS);
        for (int i = 0; i < MOST_WORDS && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP; i++) {
            try {
                wrap(ByteBuffer.allocate(0));
            } catch (SSLException e) {
                // Why TLS fails, as far as that came to light in a task: the alert is next.
            }
        }
    }
}
