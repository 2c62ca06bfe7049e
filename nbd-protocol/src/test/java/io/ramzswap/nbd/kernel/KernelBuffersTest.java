package io.ramzswap.nbd.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KernelBuffersTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    @Test
    void shouldLeaveTheReserveOfASmallMachineToOthers() {
        assertThat(KernelBuffers.forReserve(2500 * KIB).socketBytes(2)).isEqualTo(64 * KIB);
    }

    @Test
    void shouldDivideAShareOfALargeReserveAmongTheConnections() {
        final KernelBuffers buffers = KernelBuffers.forReserve(40L * MIB);

        assertThat(buffers.socketBytes(4)).isEqualTo(512 * KIB);
        assertThat(buffers.socketBytes(8)).isEqualTo(256 * KIB);
    }

    @Test
    void shouldLetSocketsBeOfUseHoweverManyThereAre() {
        assertThat(KernelBuffers.forReserve(40L * MIB).socketBytes(256)).isEqualTo(64 * KIB);
        assertThat(KernelBuffers.forReserve(0).socketBytes(1)).isEqualTo(64 * KIB);
    }

    @Test
    void shouldNotTakeMoreThanHelps() {
        assertThat(KernelBuffers.forReserve(1L << 40).socketBytes(1)).isEqualTo(MIB);
    }

    @Test
    void shouldKeepTheSocketsWhenTheServersBuffersChange() {
        final KernelBuffers buffers = KernelBuffers.forReserve(40L * MIB).withServerBuffers(4 * KIB);

        assertThat(buffers.receiveBytes()).isEqualTo(4 * KIB);
        assertThat(buffers.sendBytes()).isEqualTo(4 * KIB);
        assertThat(buffers.socketBytes(4)).isEqualTo(512 * KIB);
    }
}
