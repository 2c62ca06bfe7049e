package io.ramzswap.nbd.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InternetAddressTest {
    static Stream<InetAddress> addresses() throws UnknownHostException {
        final byte[] linkLocal = new byte[16];
        linkLocal[0] = (byte) 0xfe;
        linkLocal[1] = (byte) 0x80;
        linkLocal[15] = 1;
        return Stream.of(
                InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                InetAddress.getByAddress(linkLocal),
                Inet6Address.getByAddress(null, linkLocal, 7));
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void shouldReadWhatItWrote(InetAddress address) {
        final InetSocketAddress written = new InetSocketAddress(address, 10809);
        final InternetAddress struct = new InternetAddress(written);
        final byte[] memory = new byte[struct.length()];
        try {
            Pointer.wrap(Runtime.getSystemRuntime(), struct.address()).get(0, memory, 0, memory.length);
        } finally {
            Reference.reachabilityFence(struct);
        }

        final InetSocketAddress read = InternetAddress.decode(
                        ByteBuffer.allocate(UnixAddress.LENGTH).put(0, memory))
                .orElseThrow();
        assertThat(read).isEqualTo(written);
        if (address instanceof Inet6Address ipv6) {
            assertThat(((Inet6Address) read.getAddress()).getScopeId()).isEqualTo(ipv6.getScopeId());
            assertThat(memory[24] + memory[27]).as("at its place").isEqualTo(ipv6.getScopeId());
        }
    }
}
