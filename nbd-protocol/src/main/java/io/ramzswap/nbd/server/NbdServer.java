package io.ramzswap.nbd.server;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.closing.ThreadEnd;
import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.nbd.transport.Transport;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Serves a catalog of exports on any number of listeners, a thread for each listener and each client. Thread-safe.
 *
 * <p>Threads come from the given factory. What goes wrong with one client ends that connection; an unexpected exception
 * reaches the thread's uncaught exception handler.
 */
public final class NbdServer implements AutoCloseable {
    /** Accepting fails when descriptors have run out; trying again at once would only burn a processor. */
    private static final long PAUSE_AFTER_FAILED_ACCEPT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long PAUSE_BETWEEN_COMPLAINTS_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ExportCatalog catalog;
    private final ExportCatalog full;
    private final ServerOptions options;
    private final ThreadFactory threads;
    private final Consumer<IOException> complaints;
    private final ConnectionBuffers buffers;
    private final Set<Listener> listeners = new HashSet<>();
    /** Oldest first. */
    private final Set<Connection> connections = new LinkedHashSet<>();

    private final Set<Thread> running = new HashSet<>();
    private boolean closed;
    private long refused;
    private boolean toldOfRefusal;
    private long refusalTold;

    /**
     * A server without listeners yet. That a listener cannot accept clients reaches the uncaught exception handler of its
     * thread, which goes on trying.
     */
    public NbdServer(ExportCatalog catalog, ServerOptions options, ThreadFactory threads) {
        this(catalog, options, threads, NbdServer::tellHandler);
    }

    /**
     * A server without listeners yet.
     *
     * @param complaints is told, by the listener's thread, that a listener cannot accept clients, which and why: once, until it
     *     can again; and, once a minute at most, that clients are
     *     refused because there are as many as there may be ({@link ClientRefusedException})
     */
    public NbdServer(
            ExportCatalog catalog, ServerOptions options, ThreadFactory threads, Consumer<IOException> complaints) {
        this.catalog = catalog;
        this.full = new FullCatalog(catalog, options.maximumConnections());
        this.options = options;
        this.threads = threads;
        this.complaints = complaints;
        buffers = new ConnectionBuffers(options);
    }

    /**
     * Serves the clients of {@code listener}, which is closed with this server.
     *
     * @throws IllegalArgumentException when strangers can reach it and TLS is not required
     */
    public void serve(Listener listener) {
        if (listener.isPublic() && !options.isTlsRequired()) {
            throw new IllegalArgumentException(
                    listener.address()
                            + " can be reached from other machines: require TLS, or listen on a loopback address or a Unix socket");
        }
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the server is closed");
            }
            listeners.add(listener);
            start(() -> acceptAll(listener));
        }
    }

    /** Serves one client in the calling thread, until it goes or this server is closed. */
    public void serve(Transport transport) {
        final Connection connection = new Connection(transport, catalog, options, buffers);
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the server is closed");
            }
            connections.add(connection);
        }
        serve(connection);
    }

    /** Clients now connected, those in the handshake included. */
    public synchronized int connections() {
        return connections.size();
    }

    /** Clients that have chosen {@code export} and are still connected. */
    public synchronized int clientsOf(Export export) {
        return (int) connections.stream().filter(c -> c.uses(export)).count();
    }

    /**
     * Stops accepting, ends all connections and waits until they have ended, those of {@link #serve(Transport)} too, but for one
     * that the calling thread serves. Requests being handled are finished.
     */
    @Override
    public void close() {
        final Set<Thread> left;
        synchronized (this) {
            closed = true;
            listeners.forEach(Listener::close);
            connections.forEach(Connection::shutdown);
            left = new HashSet<>(running);
            awaitConnections();
        }
        left.remove(Thread.currentThread());
        for (Thread thread : left) {
            ThreadEnd.await(thread);
        }
    }

    /** Under the lock, which it gives away meanwhile. An interrupt is kept for the caller until then. */
    private synchronized void awaitConnections() {
        boolean interrupted = false;
        while (connections.stream().anyMatch(Connection::isServedElsewhere)) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptAll(Listener listener) {
        boolean told = false;
        while (!isClosed()) {
            try {
                admit(listener.accept(), listener);
                told = false;
            } catch (IOException | OutOfMemoryError e) {
                // Neither descriptors nor threads are gone for good.
                if (!isClosed()) {
                    if (!told) {
                        told = true;
                        complaints.accept(new IOException(
                                listener.address() + ": cannot accept clients, and tries again: " + e.getMessage(), e));
                    }
                    LockSupport.parkNanos(PAUSE_AFTER_FAILED_ACCEPT_NANOS);
                }
            }
        }
    }

    /** Hands a failure to admit a client to the handler. A client beyond the limit is no failure. */
    private static void tellHandler(IOException complaint) {
        if (complaint instanceof ClientRefusedException) {
            return;
        }
        final Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, complaint);
    }

    private void admit(Transport transport, Listener listener) {
        if (!admitted(transport)) {
            tellOfRefusal(listener);
        }
    }

    /** Answers whether the client may have an export, as far as the limit goes. */
    private synchronized boolean admitted(Transport transport) {
        if (closed) {
            transport.close();
            return true;
        }
        final boolean place = hasPlace();
        if (!place && !hasRoomForMore()) {
            refused++;
            transport.close();
            return false;
        }
        refused += place ? 0 : 1;
        start(
                place
                        ? new Connection(transport, catalog, options, buffers)
                        : Connection.withoutPlace(transport, full, options, buffers));
        return place;
    }

    private synchronized void start(Connection connection) {
        connections.add(connection);
        try (Undo undo = new Undo()) {
            undo.step(() -> {
                connections.remove(connection);
                notifyAll();
                connection.close();
            });
            start(() -> serve(connection));
            undo.done(connection);
        }
    }

    /**
     * Whether one more may have an export. Clients that have not chosen an export yet make room for newer ones, so that strangers
     * who only connect cannot keep others out.
     */
    private boolean hasPlace() {
        return placesTaken() < options.maximumConnections()
                || (hasRoomForMore()
                        && connections.stream()
                                .filter(Connection::mayMakeRoom)
                                .findFirst()
                                .map(Connection::makeRoom)
                                .isPresent());
    }

    private long placesTaken() {
        return connections.stream().filter(Connection::hasPlace).count();
    }

    /** At most as many as the limit are on their way out, or only being told that there is no place, at any time. */
    private boolean hasRoomForMore() {
        return connections.size() < 2 * options.maximumConnections();
    }

    /** Once a minute at most, however many come. For the thread of a listener. */
    private void tellOfRefusal(Listener listener) {
        final long count;
        synchronized (this) {
            final long now = System.nanoTime();
            if (toldOfRefusal && now - refusalTold < PAUSE_BETWEEN_COMPLAINTS_NANOS) {
                return;
            }
            toldOfRefusal = true;
            refusalTold = now;
            count = refused;
        }
        complaints.accept(new ClientRefusedException(
                listener.address() + ": a client was refused, because " + options.maximumConnections()
                        + " clients are served, the most there may be; refused so far: " + count));
    }

    /** Clients that were refused because there were as many as there may be. */
    public synchronized long refusedClients() {
        return refused;
    }

    private void serve(Connection connection) {
        try {
            connection.serve();
        } finally {
            synchronized (this) {
                connections.remove(connection);
                notifyAll();
            }
        }
    }

    // Called under the lock, so the thread cannot leave the set before it is in it.
    private void start(Runnable task) {
        final Thread thread = threads.newThread(() -> {
            try {
                task.run();
            } finally {
                synchronized (this) {
                    running.remove(Thread.currentThread());
                }
            }
        });
        thread.start();
        running.add(thread);
    }

    private synchronized boolean isClosed() {
        return closed;
    }
}
