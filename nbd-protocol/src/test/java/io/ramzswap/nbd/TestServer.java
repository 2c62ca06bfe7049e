package io.ramzswap.nbd;

import io.ramzswap.nbd.server.NbdServer;
import io.ramzswap.nbd.server.ServerOptions;
import io.ramzswap.nbd.server.UnixListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server on a Unix socket in a directory of its own; exceptions that escape its threads fail {@link #close}. */
public final class TestServer implements AutoCloseable {
    public final Path directory;
    public final Path socket;
    public final NbdServer server;
    private final List<Throwable> escaped = new ArrayList<>();

    public TestServer(ExportCatalog catalog, ServerOptions options) throws IOException {
        directory = Files.createTempDirectory("nbd");
        socket = directory.resolve("s");
        server = new NbdServer(catalog, options, this::newThread);
        server.serve(UnixListener.listen(socket, UnixListener.OWNER_ONLY));
    }

    public static TestServer of(Export export) throws IOException {
        return new TestServer(ExportCatalog.of(export), ServerOptions.DEFAULT);
    }

    /** What escaped so far, which is right then: {@link #close} does not complain of it. */
    public List<Throwable> takeEscaped() {
        synchronized (escaped) {
            final List<Throwable> taken = List.copyOf(escaped);
            escaped.clear();
            return taken;
        }
    }

    public String uri(String exportName) {
        return "nbd+unix:///" + exportName + "?socket=" + socket;
    }

    public TestClient connect() throws IOException {
        return new TestClient(socket);
    }

    private Thread newThread(Runnable task) {
        final Thread thread = new Thread(task, "nbd-server");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((t, e) -> {
            synchronized (escaped) {
                escaped.add(e);
            }
        });
        return thread;
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
        Files.delete(directory);
        synchronized (escaped) {
            if (!escaped.isEmpty()) {
                throw new AssertionError("exceptions escaped the server's threads: " + escaped, escaped.get(0));
            }
        }
    }
}
