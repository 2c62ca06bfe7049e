package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import io.ramzswap.nbd.transmission.Transmission;
import io.ramzswap.nbd.transmission.TransmissionMode;
import io.ramzswap.nbd.transport.FdTransport;
import io.ramzswap.nbd.transport.ReceiveBuffer;
import io.ramzswap.nbd.transport.SendBuffer;
import java.util.BitSet;
import java.util.concurrent.ThreadFactory;

/** The server's end of one socket to the kernel, with its thread. */
final class KernelConnection {
    private final FdTransport transport;
    private final ExportSession session;
    private final Libc libc = Libc.system();
    private final Transmission transmission;
    private final Thread thread;
    /** 0 until it runs. */
    private volatile int tid;

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
        try (Undo undo = new Undo()) {
            undo.with(transport, FdTransport::close);
            final ReceiveBuffer in = new ReceiveBuffer(options.buffers().receiveBytes());
            final SendBuffer out = new SendBuffer(options.buffers().sendBytes());
            out.connect(transport);
            transport.keepAwake(options.cpuLatency());
            final ExportSession session = undo.with(export.open(), ExportSession::close);
            final KernelConnection connection = new KernelConnection(transport, export, session, in, out, threads);
            connection.thread.start();
            return undo.done(connection);
        }
    }

    private void serve() {
        tid = libc.gettid();
        try (transport;
                session) {
            transmission.run();
        }
    }

    /** The thread that serves. */
    Thread thread() {
        return thread;
    }

    /**
     * Keeps the thread off the processors whose requests it gets, if it has a real-time priority. Such a thread wakes up on the
     * processor where it slept, unless a thread like it runs there, however many others are idle; where that is who sends us a
     * long write, he has to stop after each piece of it, and nothing goes on at the same time. Source: {@code
     * select_task_rq_rt} in Linux kernel/sched/rt.c.
     */
    void keepOff(BitSet senders) throws LibcException {
        if (tid != 0 && isRealTime(tid)) {
            Affinity.leave(libc, tid, senders);
        }
    }

    private boolean isRealTime(int tid) {
        final int policy = libc.sched_getscheduler(tid) & ~Libc.SCHED_RESET_ON_FORK;
        return policy == Libc.SCHED_FIFO || policy == Libc.SCHED_RR;
    }

    /** Ends the connection; called by any thread. */
    void shutdown() {
        transport.shutdown();
    }
}
