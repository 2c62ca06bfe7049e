package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.closing.ThreadEnd;
import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.transport.FdTransport;
import io.ramzswap.nbd.transport.ReceiveBuffer;
import io.ramzswap.nbd.transport.SendBuffer;
import io.ramzswap.nbd.wire.Command;
import io.ramzswap.nbd.wire.RequestDescriptor;
import io.ramzswap.nbd.wire.SimpleReplyDescriptor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadFactory;

/**
 * This process in the kernel's place: an export served through the same sockets, buffers and code as a device of the
 * kernel's, with us at the other end. For rehearsing before the kernel comes, and for seeing whether serving still works.
 *
 * <p>Requests are put together with {@link #add}, go out with {@link #send}, and are answered in their order: {@link #await}
 * is called once for each. A batch whose answers do not fit into the socket must not be sent before they are awaited.
 *
 * <p>Confined to one thread.
 */
public final class LoopbackConnection implements AutoCloseable {
    private final Thread server;
    private final FdTransport transport;
    private final SendBuffer requests;
    private final ReceiveBuffer replies;
    private long lastSent;
    private long lastAwaited;

    private LoopbackConnection(Thread server, FdTransport transport, SendBuffer requests, ReceiveBuffer replies) {
        this.server = server;
        this.transport = transport;
        this.requests = requests;
        this.replies = replies;
        requests.connect(transport);
    }

    /**
     * Opens a session of {@code export} and starts the thread that serves it.
     *
     * @param options buffer sizes count, the rest is the kernel's
     * @param threads makes that thread
     */
    public static LoopbackConnection open(Export export, KernelOptions options, ThreadFactory threads)
            throws IOException {
        final SendBuffer requests = new SendBuffer(options.buffers().receiveBytes());
        final ReceiveBuffer replies = new ReceiveBuffer(options.buffers().sendBytes());
        final SocketPair pair = SocketPair.open(Libc.system(), options.buffers().socketBytes(options.connections()));
        try (Undo undo = new Undo()) {
            undo.with(pair.kernels(), Libc.system()::close);
            final Thread server = KernelConnection.start(pair.ours(), export, options, threads)
                    .thread();
            return undo.done(new LoopbackConnection(server, new FdTransport(pair.kernels()), requests, replies));
        }
    }

    /** Adds a request without a payload: one of {@link Command}, but WRITE. */
    public void add(int command, long offset, int length) {
        header(command, offset, length, 0);
    }

    /** Adds a WRITE of {@code length} bytes, which lie at {@code position} of {@code data}. */
    public void addWrite(long offset, int length, ByteBuffer data, int position) {
        final int start = header(Command.WRITE, offset, length, length);
        requests.buffer().put(start, data, position, length);
    }

    private int header(int command, long offset, int length, int payloadLength) {
        final int start = requests.reserve(RequestDescriptor.LENGTH + payloadLength);
        RequestDescriptor.put(requests.buffer(), start, 0, command, ++lastSent, offset, length);
        requests.commit(RequestDescriptor.LENGTH + payloadLength);
        return start + RequestDescriptor.LENGTH;
    }

    /** Sends what was added. */
    public void send() throws IOException {
        if (!requests.flush()) {
            throw new EOFException("the server does not listen any more");
        }
    }

    /** Waits for the next answer, one without data. Answers its error, of {@link NbdError}. */
    public int await() throws IOException {
        require(SimpleReplyDescriptor.LENGTH);
        final int start = replies.start();
        final ByteBuffer buffer = replies.buffer();
        if (!SimpleReplyDescriptor.hasMagic(buffer, start)
                || SimpleReplyDescriptor.cookie(buffer, start) != ++lastAwaited) {
            throw new IOException("something else came in place of the answer to request " + lastAwaited);
        }
        replies.consume(SimpleReplyDescriptor.LENGTH);
        return SimpleReplyDescriptor.error(buffer, start);
    }

    /** Waits for the next answer, that to a READ of {@code length} bytes, which it puts at {@code position}. */
    public int awaitData(int length, ByteBuffer destination, int position) throws IOException {
        final int error = await();
        if (error == NbdError.OK) {
            require(length);
            destination.put(position, replies.buffer(), replies.start(), length);
            replies.consume(length);
        }
        return error;
    }

    private void require(int count) throws IOException {
        while (replies.available() < count) {
            if (!replies.fill(transport)) {
                throw new EOFException("the server ended the connection");
            }
        }
    }

    /** Disconnects; the session is closed, and its thread has ended, when this returns. */
    @Override
    public void close() {
        add(Command.DISC, 0, 0);
        requests.flush();
        transport.shutdown();
        transport.close();
        ThreadEnd.await(server);
    }
}
