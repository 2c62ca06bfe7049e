package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.transmission.Transmission;
import io.ramzswap.nbd.transmission.TransmissionMode;
import io.ramzswap.nbd.transport.FdTransport;
import io.ramzswap.nbd.transport.ReceiveBuffer;
import io.ramzswap.nbd.transport.SendBuffer;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/** The server's end of one socket to the kernel, with its thread. */
final class KernelConnection {
    private final FdTransport transport;
    private final ExportSession session;
    private final Transmission transmission;
    private final Thread thread;

    private KernelConnection(
            FdTransport transport,
            Export export,
            ExportSession session,
            ReceiveBuffer in,
            SendBuffer out,
            ThreadFactory threads) {
        this.transport = transport;
        this.session = session;
        this.transmission = new Transmission(transport, export, session, TransmissionMode.SIMPLE, in, out);
        this.thread = threads.newThread(this::serve);
    }

    /**
     * Opens a session and serves it until the kernel disconnects or {@link #shutdown}. All memory is allocated before; {@code
     * fd} is taken over, and closed when this fails.
     */
    static KernelConnection start(int fd, Export export, KernelOptions options, ThreadFactory threads) {
        final FdTransport transport = new FdTransport(fd);
        Optional<ExportSession> session = Optional.empty();
        boolean started = false;
        try {
            final ReceiveBuffer in = new ReceiveBuffer(options.receiveBufferBytes());
            final SendBuffer out = new SendBuffer(options.sendBufferBytes());
            out.connect(transport);
            session = Optional.of(export.open());
            final KernelConnection connection =
                    new KernelConnection(transport, export, session.get(), in, out, threads);
            connection.thread.start();
            started = true;
            return connection;
        } finally {
            if (!started) {
                session.ifPresent(ExportSession::close);
                transport.close();
            }
        }
    }

    private void serve() {
        try (transport;
                session) {
            transmission.run();
        }
    }

    /** The thread that serves. */
    Thread thread() {
        return thread;
    }

    /** Ends the connection; called by any thread. */
    void shutdown() {
        transport.shutdown();
    }
}
