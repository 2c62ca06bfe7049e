package io.ramzswap.nbd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.nbd.transport.CpuLatency;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Netlink messages byte by byte, as linux/netlink.h and linux/nbd-netlink.h lay them out on a little-endian machine. */
class NetlinkTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void shouldEncodeAFamilyRequest() {
        final NetlinkMessage message = new NetlinkMessage(16, 7, 3, 1).string(2, "nbd");

        assertThat(hex(message.finish()))
                .isEqualTo(join(
                        "1c000000 1000 0500 07000000 00000000", // length 28, controller, REQUEST|ACK, sequence 7
                        "03 01 0000", // GETFAMILY, version 1
                        "0800 0200 6e626400")); // "nbd" and its zero
    }

    @Test
    void shouldPadAttributesToFourBytes() {
        final NetlinkMessage message =
                new NetlinkMessage(16, 1, 3, 1).string(2, "nbdx").u32(1, 5);

        assertThat(hex(message.finish()).substring(40))
                .isEqualTo(join("0900 0200 6e62647800 000000", "0800 0100 05000000"));
    }

    @Test
    void shouldEncodeAConnectRequest() {
        final NetlinkMessage message = new NetlinkMessage(0x1c, 2, 1, 1);
        final KernelOptions options = new KernelOptions(
                KernelOptions.Way.NETLINK, 2, 4096, 0, 30, "ramzswap", KernelBuffers.forReserve(0), CpuLatency.ANY);

        NetlinkWay.fillConnect(
                message, new KernelDevice(3), new AttachWay.Geometry(1L << 33, 4096, 0x16d), List.of(9, 11), options);

        assertThat(hex(message.finish()))
                .isEqualTo(join(
                        "84000000 1c00 0500 02000000 00000000 01 01 0000",
                        "0800 0100 03000000", // INDEX
                        "0c00 0200 0000000002000000", // SIZE_BYTES
                        "0c00 0300 0010000000000000", // BLOCK_SIZE_BYTES
                        "0c00 0400 0000000000000000", // TIMEOUT
                        "0c00 0500 6d01000000000000", // SERVER_FLAGS
                        "0c00 0800 1e00000000000000", // DEAD_CONN_TIMEOUT
                        "0d00 0a00 72616d7a7377617000 000000", // BACKEND_IDENTIFIER
                        "1c00 0780", // SOCKETS, nested
                        "0c00 0180 0800 0100 09000000", // SOCK_ITEM with SOCK_FD
                        "0c00 0180 0800 0100 0b000000"));
    }

    @Test
    void shouldReadAnAnswerAndItsAcknowledgement() throws NetlinkException {
        final NetlinkReply reply = new NetlinkReply(7);

        reply.accept(bytes(
                "20000000 1000 0000 06000000 00000000 01 02 0000 0600 0100 ffff 0000 00000000", // for another request
                "1c000000 1000 0000 07000000 00000000 01 02 0000 0600 0100 2300 0000"));
        assertThat(reply.isComplete()).isFalse();
        reply.accept(bytes("24000000 0200 0001 07000000 00000000 00000000 20000000 1000 0500 07000000 00000000"));

        assertThat(reply.isComplete()).isTrue();
        assertThat(reply.attributes().u16(1)).contains(0x23);
    }

    @Test
    void shouldTellAnErrorInTheKernelsWords() {
        assertThatThrownBy(() -> new NetlinkReply(7)
                        .accept(bytes(
                                "34000000 0200 0003 07000000 00000000 eaffffff 20000000 1c00 0500 07000000 00000000",
                                "0d00 0100 6e6f20736f636b00 00000000")))
                .isInstanceOfSatisfying(NetlinkException.class, e -> {
                    assertThat(e.errno()).isEqualTo(22);
                    assertThat(e).hasMessage("Invalid argument (no sock)");
                });
    }

    @Test
    void shouldSkipTheRequestThatAnErrorQuotes() {
        assertThatThrownBy(() -> new NetlinkReply(7)
                        .accept(bytes(
                                "38000000 0200 0002 07000000 00000000 f0ffffff 18000000 1c00 0500 07000000 00000000",
                                "ffffffff ffffffff", // the rest of the request
                                "0a00 0100 627573790000 0000")))
                .hasMessage("Device or resource busy (busy)");
    }

    @Test
    void shouldSurviveAnswersThatAreCutShort() throws NetlinkException {
        final String whole = join(
                "34000000 0200 0003 07000000 00000000 00000000 20000000 1c00 0500 07000000 00000000 0d000100 6e6f");
        for (int length = 0; length < whole.length(); length += 2) {
            new NetlinkReply(7).accept(bytes(whole.substring(0, length)));
        }
        assertThat(new NetlinkAttributes(bytes("ffff0100 00")).u32(1)).isEmpty();
        assertThat(new NetlinkAttributes(bytes("00000100 00000000")).u32(1)).isEmpty();
        assertThat(new NetlinkAttributes(bytes("05000100 00000000")).u32(1)).isEmpty();
    }

    private static ByteBuffer bytes(String... hex) {
        return ByteBuffer.wrap(HEX.parseHex(join(hex))).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String join(String... hex) {
        return String.join("", hex).replace(" ", "");
    }

    private static String hex(ByteBuffer buffer) {
        final byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return HEX.formatHex(bytes);
    }
}
