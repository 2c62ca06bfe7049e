package io.ramzswap.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.TestClient;
import io.ramzswap.nbd.Waiting;
import io.ramzswap.nbd.libc.InternetAddress;
import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.UnixAddress;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever started the servers, here this test, has a listening socket before and after them. */
@Timeout(60)
class InheritedListenerTest {
    private static final Libc LIBC = Libc.system();

    private static final int F_DUPFD_CLOEXEC = 1030;

    @TempDir
    Path directory;

    private final MemoryExport export = new MemoryExport(1 << 20, 4096);
    private int kept = -1;

    @AfterEach
    void closeKept() {
        LIBC.close(kept);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLeaveTheSocketToTheNextServer(boolean tcp) throws IOException {
        listen(tcp);
        for (int i = 0; i < 3; i++) {
            final List<Thread> threads = new ArrayList<>();
            try (NbdServer server = new NbdServer(ExportCatalog.of(export), ServerOptions.DEFAULT, task -> {
                threads.add(new Thread(task));
                return threads.get(threads.size() - 1);
            })) {
                server.serve(InheritedListener.ofFd(duplicate()));
                try (TestClient client = connect(tcp).go()) {
                    assertThat(client.exchange(0, 3, 0, 0)).as("server %d", i).isZero();
                    // So that closing finds it waiting for the next client.
                    Waiting.untilIn(threads.get(0), "poll");
                }
            }
        }
    }

    @Test
    void shouldLeaveWhoConnectsAfterItsEndToTheNextServer() throws IOException {
        listen(false);
        InheritedListener.ofFd(duplicate()).close();
        try (TestClient client = connect(false);
                NbdServer server = new NbdServer(ExportCatalog.of(export), ServerOptions.DEFAULT, Thread::new)) {
            server.serve(InheritedListener.ofFd(duplicate()));
            assertThat(client.go().exchange(0, 3, 0, 0)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotWaitForAClientThatAnotherTook(boolean tcp) throws Exception {
        listen(tcp);
        final SharedListeningSocket deceived = new SharedListeningSocket(LIBC, duplicate()) {
            private boolean seen;

            @Override
            boolean await() {
                // Once, somebody was there and is no more.
                final boolean sees = !seen || super.await();
                seen = true;
                return sees;
            }
        };
        final CompletableFuture<Integer> accepted = new CompletableFuture<>();
        final Thread thread = new Thread(() -> {
            try {
                accepted.complete(deceived.accept());
            } catch (IOException e) {
                accepted.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        Waiting.untilIn(thread, "accept4");
        deceived.close();
        assertThatThrownBy(accepted::join)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("the listener is closed");
    }

    private void listen(boolean tcp) throws IOException {
        kept = LIBC.socket(tcp ? Libc.AF_INET : Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0);
        final InternetAddress any =
                new InternetAddress(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
        final UnixAddress path = new UnixAddress(directory.resolve("s"));
        try {
            assertThat(LIBC.bind(kept, tcp ? any.address() : path.address(), tcp ? any.length() : UnixAddress.LENGTH))
                    .isZero();
        } finally {
            Reference.reachabilityFence(any);
            Reference.reachabilityFence(path);
        }
        assertThat(LIBC.listen(kept, 16)).isZero();
    }

    private int duplicate() {
        return LIBC.fcntl(kept, F_DUPFD_CLOEXEC, 0);
    }

    private TestClient connect(boolean tcp) throws IOException {
        return tcp
                ? new TestClient(new Socket(
                        InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                        InternetAddress.boundTo(LIBC, kept).orElseThrow().getPort()))
                : new TestClient(directory.resolve("s"));
    }
}
