package io.ramzswap.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.libc.InternetAddress;
import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import io.ramzswap.nbd.transport.Transport;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jnr.ffi.LibraryLoader;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class TcpOptionsTest {
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final Sockets SOCKETS = LibraryLoader.create(Sockets.class).load("c");

    /** What only tests ask. */
    public interface Sockets {
        int getsockopt(int fd, int level, int name, long value, long length);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNoticeAClientThatVanishes(boolean inherited) throws IOException {
        try (TcpListener own = TcpListener.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            final int port = own.boundAddress().getPort();
            try (Listener listener = inherited ? inheritedFrom(port) : own) {
                final Set<Integer> before = boundTo(port);
                try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
                        Transport transport = listener.accept()) {
                    final Set<Integer> accepted = boundTo(port);
                    accepted.removeAll(before);
                    assertThat(accepted).hasSize(1);
                    final int fd = accepted.iterator().next();
                    assertThat(option(fd, 1, 9)).as("SO_KEEPALIVE").isEqualTo(1);
                    assertThat(option(fd, 6, 1)).as("TCP_NODELAY").isEqualTo(1);
                    assertThat(option(fd, 6, 4)).as("TCP_KEEPIDLE").isEqualTo(60);
                    assertThat(option(fd, 6, 5)).as("TCP_KEEPINTVL").isEqualTo(10);
                    assertThat(option(fd, 6, 6)).as("TCP_KEEPCNT").isEqualTo(6);
                    assertThat(option(fd, 6, 18)).as("TCP_USER_TIMEOUT").isEqualTo(120_000);
                    assertThat(option(fd, 1, 20)).as("SO_RCVTIMEO").isZero();
                    assertThat(client.isConnected()).isTrue();
                    assertThat(transport).isNotNull();
                }
            }
        }
    }

    private static Listener inheritedFrom(int port) throws IOException {
        return InheritedListener.ofFd(
                Libc.system().fcntl(boundTo(port).iterator().next(), F_DUPFD_CLOEXEC, 0));
    }

    /** Our descriptors that are bound to a port: what listens there, and what it accepted. */
    private static Set<Integer> boundTo(int port) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.map(path -> Integer.valueOf(path.getFileName().toString()))
                    .filter(fd -> portOf(fd) == port)
                    .collect(Collectors.toSet());
        }
    }

    private static int portOf(int fd) {
        try {
            return InternetAddress.boundTo(Libc.system(), fd)
                    .map(InetSocketAddress::getPort)
                    .orElse(-1);
        } catch (LibcException e) {
            return -1;
        }
    }

    /** The first int of an option. */
    private static int option(int fd, int level, int name) {
        final ByteBuffer value = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        final ByteBuffer length = ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder());
        length.putInt(0, value.capacity());
        try {
            assertThat(SOCKETS.getsockopt(fd, level, name, Libc.address(value), Libc.address(length)))
                    .isZero();
            return value.getInt(0);
        } finally {
            Reference.reachabilityFence(value);
            Reference.reachabilityFence(length);
        }
    }
}
