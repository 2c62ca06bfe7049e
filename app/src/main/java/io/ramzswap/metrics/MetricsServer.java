package io.ramzswap.metrics;

import io.ramzswap.exchange.Limits;
import io.ramzswap.exchange.RequestServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;

/** Serves metrics over HTTP, at /metrics, on threads of its own. Peers that send no whole request keep nobody else out. */
public final class MetricsServer implements AutoCloseable {
    /** Prometheus gives a scrape ten seconds, and sends its request at once. */
    private static final int IDLE_MILLIS = 5_000;

    private static final Limits LIMITS = new Limits(16 << 10, 64, 1 << 20, 8, IDLE_MILLIS);
    private static final int BACKLOG = 64;

    private final ServerSocketChannel listening;
    private final RequestServer server;
    private final InetSocketAddress address;

    private MetricsServer(ServerSocketChannel listening, RequestServer server, InetSocketAddress address) {
        this.listening = listening;
        this.server = server;
        this.address = address;
    }

    /**
     * Starts it.
     *
     * @param where port 0 takes any that is free
     * @throws IOException if the address cannot be had
     */
    public static MetricsServer start(InetSocketAddress where, Metrics metrics) throws IOException {
        return start(where, metrics, LIMITS);
    }

    static MetricsServer start(InetSocketAddress where, Metrics metrics, Limits limits) throws IOException {
        final ServerSocketChannel listening = ServerSocketChannel.open();
        boolean started = false;
        try {
            listening.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listening.bind(where, BACKLOG);
            final RequestServer server = RequestServer.start(
                    listening, client -> Optional.empty(), new HttpService(metrics), limits, "metrics");
            final InetSocketAddress bound = (InetSocketAddress) listening.getLocalAddress();
            started = true;
            return new MetricsServer(listening, server, bound);
        } finally {
            if (!started) {
                listening.close();
            }
        }
    }

    /** The path of the metrics. */
    public String url() {
        final String host = address.getAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort() + HttpService.PATH;
    }

    @Override
    public void close() {
        server.close();
        try {
            listening.close();
        } catch (IOException e) {
            // The process ends, and its sockets with it.
        }
    }
}
