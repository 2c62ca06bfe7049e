package io.ramzswap.nbd.kernel;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
        this(device.sysfs().resolve("mq"), new PinnedReader(device), patienceMillis);
    }

    AnswerCheck(Path queues, Reader reader, long patienceMillis) {
        this.queues = queues;
        this.reader = reader;
        this.patienceMillis = patienceMillis;
    }

    /** Answers how many connections do not work; their readers wait until the device is detached. */
    int countDeaf() throws IOException {
        final List<Thread> readers = new ArrayList<>();
        for (List<Integer> processors : processorsOfQueues()) {
            readers.add(start(processors));
        }
        final long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        int deaf = 0;
        for (Thread thread : readers) {
            deaf += endsBefore(deadline, thread) ? 0 : 1;
        }
        return deaf;
    }

    /** Of each of the kernel's queues, one a connection; a queue without processors is never used. */
    private List<List<Integer>> processorsOfQueues() throws IOException {
        final List<List<Integer>> processors = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(queues)) {
            for (Path queue : entries) {
                final String list = Files.readString(queue.resolve("cpu_list")).strip();
                if (!list.isEmpty()) {
                    processors.add(Arrays.stream(list.split("[,-]", -1))
                            .map(number -> Integer.valueOf(number.strip()))
                            .toList());
                }
            }
        }
        return processors;
    }

    private Thread start(List<Integer> processors) {
        final Thread thread = new Thread(() -> readOnOneOf(processors), "answer-check");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void readOnOneOf(List<Integer> processors) {
        for (int processor : processors) {
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
