package io.ramzswap.nbd.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.ForwardingLibc;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FdTransportTest {
    private static final int SOCKET = 1000;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(100);

    @Test
    void shouldSendTheRestOfWhatASocketTookInPart() {
        final List<Long> lengths = new ArrayList<>();
        final FdTransport transport = new FdTransport(
                new ForwardingLibc() {
                    @Override
                    public long send(int fd, long address, long length, int flags) {
                        lengths.add(length);
                        return lengths.size() == 2 ? failWith(Errno.EINTR) : Math.min(length, 60);
                    }
                },
                SOCKET);

        assertThat(transport.write(buffer, 0, 100)).isTrue();
        assertThat(lengths).containsExactly(100L, 40L, 40L);
    }

    @Test
    void shouldEndWhereTheClientIsGone() {
        final FdTransport transport = new FdTransport(
                new ForwardingLibc() {
                    @Override
                    public long send(int fd, long address, long length, int flags) {
                        return failWith(Errno.ECONNREFUSED);
                    }

                    @Override
                    public long recv(int fd, long address, long length, int flags) {
                        return failWith(Errno.ECONNREFUSED);
                    }
                },
                SOCKET);

        assertThat(transport.write(buffer, 0, 100)).isFalse();
        assertThat(transport.read(buffer, 0, 100)).isEqualTo(Transport.ENDED);
    }
}
