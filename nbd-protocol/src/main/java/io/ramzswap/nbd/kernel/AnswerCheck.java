package io.ramzswap.nbd.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Whether the kernel reads the answers on every connection.
 *
 * <p>It has a work item for each connection that never ends. On a busy machine the workqueue's rescuer may take all of them
 * at once; then it carries out the first, for ever, and nobody reads what comes on the others: the first request there, maybe
 * hours later, never ends. Source: {@code recv_work} in Linux drivers/block/nbd.c, {@code rescuer_thread} in kernel/workqueue.c.
 *
 * <p>A request goes out on the connection of the processor that it was made on. So the device is read once on a processor of
 * each connection that has one. Where that cannot be done, all processors of a connection being barred to this process, the
 * connection is taken for sound.
 */
final class AnswerCheck {
    private final Path queues;
    private final Reader reader;
    private final long patienceMillis;

    /** Reads the device on a processor. */
    @FunctionalInterface
    interface Reader {
        /** Returns once the read has been answered, be it with an error. */
        void read(int processor) throws IOException;
    }

    AnswerCheck(KernelDevice device, long patienceMillis) {
        this(device.queues(), new PinnedReader(device), patienceMillis);
    }

    AnswerCheck(Path queues, Reader reader, long patienceMillis) {
        this.queues = queues;
        this.reader = reader;
        this.patienceMillis = patienceMillis;
    }

    /** Answers how many connections do not work; their readers wait until the device is detached. */
    int countDeaf() throws IOException {
        final List<Thread> readers = new ArrayList<>();
        for (BitSet processors : QueueProcessors.of(queues).values()) {
            readers.add(start(processors));
        }
        final long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        int deaf = 0;
        for (Thread thread : readers) {
            deaf += endsBefore(deadline, thread) ? 0 : 1;
        }
        return deaf;
    }

    private Thread start(BitSet processors) {
        final Thread thread = new Thread(() -> readOnOneOf(processors), "answer-check");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void readOnOneOf(BitSet processors) {
        for (int processor : processors.stream().toArray()) {
            try {
                reader.read(processor);
                return;
            } catch (IOException e) {
                // It is offline, or not for us: another will do.
            }
        }
    }

    private static boolean endsBefore(long deadline, Thread thread) {
        try {
            final long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            thread.join(Math.max(1, left));
            return !thread.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !thread.isAlive();
        }
    }
}
