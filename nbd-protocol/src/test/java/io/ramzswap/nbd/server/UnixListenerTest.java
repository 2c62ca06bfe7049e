package io.ramzswap.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.nbd.Waiting;
import io.ramzswap.nbd.transport.Transport;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class UnixListenerTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"384, rw-------", "432, rw-rw----", "438, rw-rw-rw-"})
    void shouldGiveTheSocketItsMode(int mode, String permissions) throws IOException {
        final Path path = directory.resolve("s");
        try (Listener listener = UnixListener.listen(path, mode)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo(permissions);
            assertThat(listener.address()).isEqualTo("unix:" + path);
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void shouldGiveTheSocketToSomebodyElse() throws IOException {
        final Path path = directory.resolve("s");
        final UserPrincipalLookupService principals = directory.getFileSystem().getUserPrincipalLookupService();
        final SocketOwner other = new SocketOwner(
                Optional.of(principals.lookupPrincipalByName("1")),
                Optional.of(principals.lookupPrincipalByGroupName("2")));
        if (!System.getProperty("user.name").equals("root")) {
            assertThatThrownBy(() -> UnixListener.listen(path, 0660, other))
                    .hasMessageContaining("cannot be given to")
                    .hasMessageContaining("Operation not permitted");
            assertThat(path).doesNotExist();
            return;
        }
        try (Listener listener = UnixListener.listen(path, 0660, other)) {
            assertThat(Files.readAttributes(path, "unix:uid,gid,mode"))
                    .containsEntry("uid", 1)
                    .containsEntry("gid", 2)
                    .containsEntry("mode", 0140660);
            assertThat(listener.address()).isEqualTo("unix:" + path);
        }
    }

    @Test
    void shouldReplaceTheSocketOfADeadServer() throws IOException {
        final Path path = directory.resolve("s");
        // The JDK leaves the file behind.
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(path))
                .close();
        assertThat(path).exists();

        try (Listener listener = UnixListener.listen(path, UnixListener.OWNER_ONLY);
                SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
                Transport transport = listener.accept()) {
            assertThat(client.isConnected()).isTrue();
            assertThat(transport).isNotNull();
        }
    }

    @Test
    void shouldLeaveALiveServerAlone() throws IOException {
        final Path path = directory.resolve("s");
        try (Listener listener = UnixListener.listen(path, UnixListener.OWNER_ONLY)) {
            assertThatThrownBy(() -> UnixListener.listen(path, UnixListener.OWNER_ONLY))
                    .isInstanceOf(AddressInUseException.class)
                    .hasMessage(
                            "unix:%s is in use: another server listens there; stop it or choose another address", path);
            assertThat(path).exists();
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
            assertThat(listener.address()).contains("s");
        }
    }

    @Test
    void shouldNotRemoveAFileThatIsNoSocket() throws IOException {
        final Path path = Files.writeString(directory.resolve("s"), "precious");
        assertThatThrownBy(() -> UnixListener.listen(path, UnixListener.OWNER_ONLY))
                .hasMessageContaining("there is a file of that name");
        assertThat(path).hasContent("precious");
    }

    @Test
    void shouldSayThatAPathIsTooLong() {
        final Path path = directory.resolve("x".repeat(100));
        assertThatThrownBy(() -> UnixListener.listen(path, UnixListener.OWNER_ONLY))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the kernel takes up to 107: choose a shorter one");
    }

    @Test
    void shouldSayThatTheRootIsNoSocket() {
        assertThatThrownBy(() -> UnixListener.listen(Path.of("/"), UnixListener.OWNER_ONLY))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot listen on /: it is a directory");
    }

    @Test
    void shouldSayThatTheDirectoryIsMissing() {
        assertThatThrownBy(() -> UnixListener.listen(directory.resolve("no/s"), UnixListener.OWNER_ONLY))
                .hasMessageContaining("cannot open directory")
                .hasMessageContaining("No such file or directory");
    }

    @Test
    void shouldWakeTheAcceptingThreadWhenClosed() throws IOException {
        final Listener listener = UnixListener.listen(directory.resolve("s"), UnixListener.OWNER_ONLY);
        final CompletableFuture<Transport> accepted = new CompletableFuture<>();
        final Thread thread = new Thread(() -> {
            try {
                accepted.complete(listener.accept());
            } catch (IOException e) {
                accepted.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        Waiting.untilIn(thread, "accept4");
        listener.close();
        assertThatThrownBy(accepted::join).hasMessageContaining("the listener is closed");
        assertThatThrownBy(listener::accept).hasMessageContaining("the listener is closed");
    }
}
