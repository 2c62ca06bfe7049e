package io.ramzswap.nbd.server;

import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.transport.PipeTransport;
import java.io.IOException;

/** A server of 1 MiB that clients start: on inherited sockets if there are any, else on standard input and output. */
public final class StartedByClientMain {
    private StartedByClientMain() {}

    public static void main(String[] arguments) throws IOException {
        final NbdServer server =
                new NbdServer(ExportCatalog.of(new MemoryExport(1 << 20, 4096)), ServerOptions.DEFAULT, Thread::new);
        final var listeners = InheritedListener.fromEnvironment(
                System.getenv(), ProcessHandle.current().pid());
        if (listeners.isEmpty()) {
            server.serve(new PipeTransport(0, 1));
            server.close();
        } else {
            listeners.forEach(server::serve);
        }
    }
}
