package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.transmission.Transmission;
import io.ramzswap.nbd.transmission.TransmissionMode;
import io.ramzswap.nbd.transport.FdTransport;
import io.ramzswap.nbd.transport.ReceiveBuffer;
import io.ramzswap.nbd.transport.SendBuffer;

/** The server's end of one socket to the kernel, with its thread. */
final class KernelConnection {
    private final FdTransport transport;
    private final ExportSession session;
    private final Transmission transmission;

    /** Opens a session and takes {@code fd} over; all memory is allocated here. */
    KernelConnection(int fd, Export export, KernelOptions options) {
        transport = new FdTransport(fd);
        session = export.open();
        final SendBuffer out = new SendBuffer(options.sendBufferBytes());
        out.connect(transport);
        transmission = new Transmission(
                transport,
                export,
                session,
                TransmissionMode.SIMPLE,
                new ReceiveBuffer(options.receiveBufferBytes()),
                out);
    }

    /** Serves until the kernel disconnects or {@link #shutdown}. */
    void serve() {
        try (transport;
                session) {
            transmission.run();
        }
    }

    /** Gives up a connection that was never served. */
    void abandon() {
        session.close();
        transport.close();
    }

    /** Ends the connection; called by any thread. */
    void shutdown() {
        transport.shutdown();
    }
}
