package io.ramzswap.attach.listen;

import io.ramzswap.attach.AttachmentPoint;
import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.server.ClientRefusedException;
import io.ramzswap.nbd.server.Listener;
import io.ramzswap.nbd.server.NbdServer;
import io.ramzswap.nbd.server.ServerOptions;
import io.ramzswap.nbd.tls.RenewedContext;
import io.ramzswap.nbd.transport.CpuLatency;
import io.ramzswap.nbd.transport.PipeTransport;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The devices that NBD clients find: exports rz0, rz1 and so on; rz0 is the default export too. Thread-safe. */
public final class ListeningDevices implements ExportCatalog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ListeningDevices.class);
    private static final int STANDARD_INPUT = 0;
    private static final int STANDARD_OUTPUT = 1;

    private final List<ListeningPoint> points;
    private final List<String> addresses;
    private final boolean standardStreams;
    private final ThreadFactory threads;
    private final NbdServer server;
    private final Optional<RenewedContext> tls;
    /** Bound, but nobody is let in before there is something to serve. */
    private List<Listener> waiting;

    ListeningDevices(
            List<Listener> listeners,
            ListenOptions options,
            Optional<RenewedContext> tls,
            ServerOptions limits,
            ThreadFactory threads) {
        this.waiting = listeners;
        this.tls = tls;
        this.threads = threads;
        points = IntStream.range(0, options.devices())
                .mapToObj(number -> new ListeningPoint("rz" + number, options.readOnly()))
                .toList();
        standardStreams = options.addresses().contains(new ListenAddress.StandardStreams());
        addresses = standardStreams
                ? List.of("standard input and output")
                : listeners.stream().map(Listener::address).toList();
        server = new NbdServer(this, limits, threads, ListeningDevices::log);
    }

    private static void log(IOException complaint) {
        if (complaint instanceof ClientRefusedException) {
            LOG.warn("{}", complaint.getMessage());
        } else {
            LOG.error("{}", complaint.getMessage());
        }
    }

    /**
     * Binds the sockets. Nobody is let in before {@link #serve}.
     *
     * @param cpuLatency what Linux is asked for while a client's requests follow one another closely
     * @throws OperationException if one cannot be had, or TLS cannot; nothing is left behind
     */
    public static ListeningDevices open(ListenOptions options, CpuLatency cpuLatency, ThreadFactory threads)
            throws OperationException {
        ServerOptions limits = ServerOptions.DEFAULT.withCpuLatency(cpuLatency);
        Optional<RenewedContext> tls = Optional.empty();
        if (options.tls().isPresent()) {
            TlsSettings settings = options.tls().get();
            tls = Optional.of(settings.open(new TlsNews()));
            limits = limits.withTls(settings.options(tls.get()));
        }
        return new ListeningDevices(Listeners.open(options), options, tls, limits, threads);
    }

    /**
     * Reads the certificate files again, for clients that come from now on. Returns what came of it.
     *
     * @throws OperationException if there are none, or they cannot be used; then nothing has changed
     */
    public String reloadTls() throws OperationException {
        if (tls.isEmpty()) {
            throw new OperationException(
                    Refusal.UNSUPPORTED,
                    "there is nothing to reload: ramzswapd was started without --config and --tls");
        }
        try {
            return TlsNews.line(tls.get().reload());
        } catch (IOException e) {
            throw new OperationException(
                    Refusal.INVALID_VALUE,
                    "TLS goes on with the certificate it has; the new files cannot be used: " + e.getMessage(),
                    e);
        }
    }

    /** The points at which the devices are attached. */
    public List<AttachmentPoint> points() {
        return List.copyOf(points);
    }

    /** The addresses, for people. */
    public List<String> addresses() {
        return addresses;
    }

    /**
     * Lets clients in.
     *
     * @param whenClientHasGone called when the client on standard input and output has gone, if there was one
     */
    public synchronized void serve(Runnable whenClientHasGone) {
        waiting.forEach(server::serve);
        waiting = List.of();
        if (standardStreams) {
            threads.newThread(() -> {
                        server.serve(new PipeTransport(STANDARD_INPUT, STANDARD_OUTPUT));
                        whenClientHasGone.run();
                    })
                    .start();
        }
    }

    @Override
    public Optional<Export> find(String wanted) {
        String name = wanted.isEmpty() ? points.get(0).name() : wanted;
        return points.stream()
                .filter(point -> point.name().equals(name))
                .findFirst()
                .flatMap(ListeningPoint::export);
    }

    @Override
    public List<Export> list() {
        return points.stream().flatMap(point -> point.export().stream()).toList();
    }

    /** Stops listening and ends all connections. */
    @Override
    public synchronized void close() {
        waiting.forEach(Listener::close);
        server.close();
    }

    /** Tells in the log what became of certificate files that changed. */
    static final class TlsNews implements RenewedContext.News {
        private static final Logger LOG = LoggerFactory.getLogger(TlsNews.class);

        @Override
        public void renewed(X509Certificate certificate) {
            LOG.info("{}", line(certificate));
        }

        @Override
        public void refused(IOException why) {
            LOG.warn("TLS goes on with the certificate it has; the new files cannot be used: {}", why.getMessage());
        }

        /** Which certificate new clients are shown. */
        static String line(X509Certificate certificate) {
            return "new TLS clients are shown the certificate of " + certificate.getSubjectX500Principal()
                    + ", good until " + certificate.getNotAfter().toInstant();
        }
    }
}
