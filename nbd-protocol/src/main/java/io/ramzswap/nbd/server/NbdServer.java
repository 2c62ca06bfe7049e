package io.ramzswap.nbd.server;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.thread.ThreadEnd;
import io.ramzswap.nbd.transport.Transport;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Serves a catalog of exports on any number of listeners, a thread for each listener and each client. Thread-safe.
 *
 * <p>Threads come from the given factory. What goes wrong with one client ends that connection; an unexpected exception
 * reaches the thread's uncaught exception handler.
 */
public final class NbdServer implements AutoCloseable {
    /** Accepting fails when descriptors have run out; trying again at once would only burn a processor. */
    private static final long PAUSE_AFTER_FAILED_ACCEPT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ExportCatalog catalog;
    private final ServerOptions options;
    private final ThreadFactory threads;
    private final ConnectionBuffers buffers;
    private final Set<Listener> listeners = new HashSet<>();
    /** Oldest first. */
    private final Set<Connection> connections = new LinkedHashSet<>();

    private final Set<Thread> running = new HashSet<>();
    private boolean closed;

    /** A server without listeners yet. */
    public NbdServer(ExportCatalog catalog, ServerOptions options, ThreadFactory threads) {
        this.catalog = catalog;
        this.options = options;
        this.threads = threads;
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

    /** Stops accepting, ends all connections and waits for their threads. Requests being handled are finished. */
    @Override
    public void close() {
        final Set<Thread> left;
        synchronized (this) {
            closed = true;
            listeners.forEach(Listener::close);
            connections.forEach(Connection::shutdown);
            left = new HashSet<>(running);
        }
        left.remove(Thread.currentThread());
        for (Thread thread : left) {
            ThreadEnd.await(thread);
        }
    }

    private void acceptAll(Listener listener) {
        while (!isClosed()) {
            try {
                admit(listener.accept());
            } catch (IOException | OutOfMemoryError e) {
                // Neither descriptors nor threads are gone for good.
                if (!isClosed()) {
                    LockSupport.parkNanos(PAUSE_AFTER_FAILED_ACCEPT_NANOS);
                }
            }
        }
    }

    private synchronized void admit(Transport transport) {
        if (closed || !hasRoom()) {
            transport.close();
            return;
        }
        final Connection connection = new Connection(transport, catalog, options, buffers);
        connections.add(connection);
        boolean started = false;
        try {
            start(() -> serve(connection));
            started = true;
        } finally {
            if (!started) {
                connections.remove(connection);
                transport.close();
            }
        }
    }

    /**
     * Clients that have not chosen an export yet make room for newer ones, so that strangers who only connect cannot keep
     * others out. At most as many as the limit are on their way out at any time.
     */
    private boolean hasRoom() {
        if (connections.size() < options.maximumConnections()) {
            return true;
        }
        if (connections.size() >= 2 * options.maximumConnections()) {
            return false;
        }
        return connections.stream()
                .filter(Connection::mayMakeRoom)
                .findFirst()
                .map(Connection::makeRoom)
                .isPresent();
    }

    private void serve(Connection connection) {
        try {
            connection.serve();
        } finally {
            synchronized (this) {
                connections.remove(connection);
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
