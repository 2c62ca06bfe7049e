package io.ramzswap.exchange;

import io.ramzswap.nbd.closing.Undo;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves clients until it is closed. One thread accepts them, waits for their requests and sends what they did not take at once;
 * it never waits for one client alone. Whole requests are carried out by other threads.
 */
public final class RequestServer implements AutoCloseable {
    private static final int PAUSE_AFTER_FAILURE_MILLIS = 100;
    private static final int IDLE_THREAD_SECONDS = 10;

    private final ServerSocketChannel listening;
    private final Gate gate;
    private final Service service;
    private final Limits limits;
    private final Selector selector;
    private final Thread loop;
    private final ExecutorService workers;
    /** The connections that have not sent a whole request or not taken the reply, the longest waiting first. */
    private final Set<Client> waiting = new LinkedHashSet<>();
    /** The connections whose request was carried out. */
    private final Queue<Client> answered = new ConcurrentLinkedQueue<>();

    private volatile boolean closed;

    /** Decides who is served. */
    @FunctionalInterface
    public interface Gate {
        /** Returns the only answer to a client that is not to be served. */
        Optional<Answer> refusal(SocketChannel client) throws IOException;
    }

    private RequestServer(ServerSocketChannel listening, Gate gate, Service service, Limits limits, String name)
            throws IOException {
        this.listening = listening;
        this.gate = gate;
        this.service = service;
        this.limits = limits;
        this.loop = new Thread(this::serve, name + "-accept");
        this.workers = new ThreadPoolExecutor(
                0, limits.requests(), IDLE_THREAD_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), threads(name));
        listening.configureBlocking(false);
        this.selector = Selector.open();
    }

    /**
     * Starts to serve. The caller closes {@code listening}, after this server.
     *
     * @param name of its threads
     */
    public static RequestServer start(
            ServerSocketChannel listening, Gate gate, Service service, Limits limits, String name) throws IOException {
        final RequestServer server = new RequestServer(listening, gate, service, limits, name);
        listening.register(server.selector, SelectionKey.OP_ACCEPT);
        server.loop.start();
        return server;
    }

    private static ThreadFactory threads(String name) {
        final AtomicInteger count = new AtomicInteger();
        return task -> new Thread(task, name + "-" + count.incrementAndGet());
    }

    private void serve() {
        while (!closed) {
            try {
                step();
            } catch (IOException | RuntimeException | Error e) {
                // An error, too: without this thread nobody could take the swap down any more.
                if (!closed) {
                    service.cannotAccept(e);
                    // Descriptors or memory may have run out.
                    waiting.stream().findFirst().ifPresent(oldest -> drop(oldest, "it made room for others"));
                    pause();
                }
            }
        }
    }

    private void step() throws IOException {
        selector.select(millisToWait());
        for (Client client = answered.poll(); client != null; client = answered.poll()) {
            begin(client);
        }
        boolean someArrived = false;
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.attachment() instanceof Client client) {
                proceed(client);
            } else {
                someArrived = true;
            }
        }
        selector.selectedKeys().clear();
        dropTheLate();
        // After all others: a request that came is not dropped to make room.
        if (someArrived && !closed) {
            acceptAll();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_FAILURE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptAll() throws IOException {
        for (SocketChannel channel = listening.accept(); channel != null; channel = listening.accept()) {
            final Client client = new Client(channel, limits.requestBytes());
            try (Undo undo = new Undo()) {
                undo.with(client, Client::close);
                channel.configureBlocking(false);
                final Optional<Answer> refusal = gate.refusal(channel);
                channel.register(selector, 0, client);
                undo.done(client);
                if (refusal.isPresent()) {
                    client.give(refusal.get());
                }
                begin(client);
            }
        }
    }

    /** Waits for the next request of a client that has just come, or whose last one was carried out. */
    private void begin(Client client) {
        client.waitSince(System.nanoTime());
        waiting.add(client);
        proceed(client);
        makeRoom();
    }

    /** Does for a client all that can be done without waiting. */
    private void proceed(Client client) {
        try {
            client.send();
            if (!client.hasUnsent()) {
                client.receive();
            }
            decide(client);
        } catch (IOException | CancelledKeyException e) {
            forget(client);
        }
    }

    private void decide(Client client) throws IOException {
        if (client.hasUnsent()) {
            await(client, SelectionKey.OP_WRITE);
        } else if (client.isLeaving()) {
            awaitOrForget(client);
        } else {
            final int length = client.requestLength(service);
            if (length > 0) {
                carryOut(client, client.take(length));
            } else if (client.isFull()) {
                finish(client, service.tooLong());
            } else if (client.hasEnded() && client.hasBegun()) {
                finish(client, service.cutOff());
            } else {
                awaitOrForget(client);
            }
        }
    }

    private void finish(Client client, Answer answer) throws IOException {
        client.give(answer);
        client.send();
        if (client.hasUnsent()) {
            await(client, SelectionKey.OP_WRITE);
        } else {
            awaitOrForget(client);
        }
    }

    private void awaitOrForget(Client client) {
        if (client.hasEnded()) {
            forget(client);
        } else {
            await(client, SelectionKey.OP_READ);
        }
    }

    private void await(Client client, int operation) {
        client.channel().keyFor(selector).interestOps(operation);
    }

    private void carryOut(Client client, byte[] request) throws IOException {
        client.channel().keyFor(selector).interestOps(0);
        waiting.remove(client);
        boolean begun = false;
        try {
            workers.execute(() -> carryOutNow(client, request));
            begun = true;
        } catch (RejectedExecutionException e) {
            begun = true;
            client.waitSince(System.nanoTime());
            waiting.add(client);
            finish(client, service.busy());
        } finally {
            // There may be no memory for a thread.
            if (!begun) {
                forget(client);
            }
        }
    }

    private void carryOutNow(Client client, byte[] request) {
        boolean answeredIt = false;
        try {
            client.give(service.answer(request));
            client.send();
            answeredIt = true;
        } catch (IOException e) {
            // It has gone, which is no fault of anybody's.
        } finally {
            if (answeredIt && !closed) {
                answered.add(client);
                selector.wakeup();
            } else {
                client.close();
            }
        }
    }

    private void makeRoom() {
        while (waiting.size() > 1 && (waiting.size() > limits.waitingClients() || isTooMuchHeld())) {
            drop(waiting.iterator().next(), "it made room for others");
        }
    }

    private boolean isTooMuchHeld() {
        return waiting.stream().mapToLong(Client::bytes).sum() > limits.waitingBytes();
    }

    private long millisToWait() {
        return waiting.stream()
                .findFirst()
                .map(oldest -> Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanosLeft(oldest)) + 1))
                .orElse(0L);
    }

    private void dropTheLate() {
        makeRoom();
        while (!waiting.isEmpty() && nanosLeft(waiting.iterator().next()) < 0) {
            drop(waiting.iterator().next(), "nothing for " + limits.idleMillis() + " milliseconds");
        }
    }

    private long nanosLeft(Client client) {
        return TimeUnit.MILLISECONDS.toNanos(limits.idleMillis()) - (System.nanoTime() - client.waitingSince());
    }

    private void drop(Client client, String why) {
        forget(client);
        // One that has its last answer misses nothing.
        if (client.hasUnsent() || !client.isLeaving()) {
            service.dropped(why);
        }
    }

    private void forget(Client client) {
        waiting.remove(client);
        client.close();
    }

    /** Stops serving. A request that is being carried out has a second to end. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            loop.join();
            workers.shutdown();
            if (!workers.awaitTermination(1, TimeUnit.SECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
        waiting.forEach(Client::close);
        answered.forEach(Client::close);
        try {
            selector.close();
        } catch (IOException e) {
            // There is nothing in it any more.
        }
    }
}
