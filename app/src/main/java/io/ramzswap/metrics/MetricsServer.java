package io.ramzswap.metrics;

import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Serves metrics over HTTP, at /metrics, on threads of its own. */
public final class MetricsServer implements AutoCloseable {
    private final HTTPServer server;
    private final InetAddress address;

    private MetricsServer(HTTPServer server, InetAddress address) {
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
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(metrics);
        HTTPServer server = HTTPServer.builder()
                .inetAddress(where.getAddress())
                .port(where.getPort())
                .registry(registry)
                .buildAndStart();
        return new MetricsServer(server, where.getAddress());
    }

    /** Where the metrics are. */
    public String url() {
        String host = address.getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.getPort() + "/metrics";
    }

    @Override
    public void close() {
        server.close();
    }
}
