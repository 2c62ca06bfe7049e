package io.ramzswap.nbd.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.BlockSize;
import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.TestClient;
import io.ramzswap.nbd.TestClient.OptionReply;
import io.ramzswap.nbd.TestServer;
import io.ramzswap.nbd.server.ServerOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HandshakeTest {
    private static final int SIZE = 1 << 20;
    private static final int ACK = 1;
    private static final int ERR_UNSUP = 0x80000001;
    private static final int ERR_INVALID = 0x80000003;
    private static final int ERR_UNKNOWN = 0x80000006;
    private static final int ERR_TOO_BIG = 0x80000009;
    private static final int FLAGS = 1 | MemoryExport.ALL_FLAGS;

    private final MemoryExport first = new MemoryExport(SIZE, 4096);
    private final MemoryExport second =
            new MemoryExport("zweiter-größer", 2 * SIZE, 0, new BlockSize(1, 4096, 1 << 20));
    private TestServer server;
    private TestClient client;

    @BeforeEach
    void connect() throws IOException {
        server = new TestServer(
                new ExportCatalog() {
                    @Override
                    public Optional<Export> find(String name) {
                        return name.isEmpty()
                                ? Optional.of(first)
                                : list().stream()
                                        .filter(e -> e.name().equals(name))
                                        .findAny();
                    }

                    @Override
                    public List<Export> list() {
                        return List.of(first, second);
                    }
                },
                ServerOptions.DEFAULT);
        client = server.connect();
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
        server.close();
        assertThat(first.openSessions).hasValue(0);
        assertThat(second.openSessions).hasValue(0);
    }

    @Test
    void shouldOfferFixedNewstyleAndNoZeroes() throws IOException {
        assertThat(client.readGreeting()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 0x80000000, 7})
    void shouldCloseOnAnUnknownClientFlag(int flags) throws IOException {
        client.greet(flags);
        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void shouldAnswerExportNameWithZeroes() throws IOException {
        client.greet(1).option(1, utf8(second.name()));

        assertThat(client.in.readLong()).isEqualTo(2 * SIZE);
        assertThat(client.in.readUnsignedShort()).isEqualTo(1);
        assertThat(client.in.readNBytes(124)).hasSize(124).containsOnly(0);
        assertThat(client.exchange(0, 0, 0, 0)).isZero();
    }

    @Test
    void shouldAnswerExportNameWithoutZeroes() throws IOException {
        client.greet(3).option(1, new byte[0]);

        assertThat(client.in.readLong()).isEqualTo(SIZE);
        assertThat(client.in.readUnsignedShort()).isEqualTo(FLAGS);
        assertThat(client.exchange(0, 3, 0, 0)).isZero();
    }

    @Test
    void shouldCloseOnAnUnknownExportName() throws IOException {
        client.greet(3).option(1, utf8("nobody"));
        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void shouldCloseOnAnExportNameOf4GiB() throws IOException {
        client.greet(3);
        client.send(optionHeader(1, 0xFFFFFFFF));
        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void shouldListExportsWithDescriptions() throws IOException {
        client.greet(3).option(3, new byte[0]);

        for (MemoryExport export : List.of(first, second)) {
            final OptionReply reply = client.readOptionReply();
            assertThat(reply.type()).isEqualTo(2);
            final ByteBuffer data = reply.buffer();
            final byte[] name = new byte[data.getInt()];
            data.get(name);
            assertThat(new String(name, StandardCharsets.UTF_8)).isEqualTo(export.name());
            assertThat(StandardCharsets.UTF_8.decode(data).toString()).isEqualTo("a byte array");
        }
        assertThat(client.readOptionReply().type()).isEqualTo(1);
    }

    @Test
    void shouldRefuseListWithData() throws IOException {
        client.greet(3).option(3, new byte[4]);
        assertThat(client.readOptionReply().type()).isEqualTo(ERR_INVALID);
        assertSurvived();
    }

    @Test
    void shouldAcknowledgeAbortAndClose() throws IOException {
        client.greet(3).option(2, utf8("ignored"));
        assertThat(client.readOptionReply().type()).isEqualTo(1);
        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void shouldGiveTheSameAnswersToInfoAndGo() throws IOException {
        client.greet(3);
        final List<OptionReply> info = infoOrGo(6, TestClient.query("test", 0, 1, 2, 3, 77, 0xFFFF));
        final List<OptionReply> go = infoOrGo(7, TestClient.query("test", 0, 1, 2, 3, 77, 0xFFFF));

        assertThat(info).hasSize(5);
        for (int i = 0; i < 5; i++) {
            assertThat(go.get(i).type()).isEqualTo(info.get(i).type());
            assertThat(go.get(i).data()).isEqualTo(info.get(i).data());
        }
        final ByteBuffer export = info.get(0).buffer();
        assertThat(export.getShort()).isZero();
        assertThat(export.getLong()).isEqualTo(SIZE);
        assertThat(export.getShort()).isEqualTo((short) FLAGS);
        assertThat(info.get(1).data()).isEqualTo(TestClient.bytes(out -> {
            out.writeShort(3);
            out.writeInt(4096);
            out.writeInt(4096);
            out.writeInt(32 << 20);
        }));
        assertThat(info.get(2).data()).isEqualTo(concat(new byte[] {0, 1}, utf8("test")));
        assertThat(info.get(3).data()).isEqualTo(concat(new byte[] {0, 2}, utf8("a byte array")));
        assertThat(client.exchange(0, 3, 0, 0)).isZero();
    }

    @Test
    void shouldSendNameAndDescriptionOnlyWhenAsked() throws IOException {
        client.greet(3);
        assertThat(infoOrGo(6, TestClient.query("test"))).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 7})
    void shouldRefuseAnUnknownExport(int option) throws IOException {
        client.greet(3).option(option, TestClient.query("nobody"));

        final OptionReply reply = client.readOptionReply();
        assertThat(reply.type()).isEqualTo(ERR_UNKNOWN);
        assertThat(new String(reply.data(), StandardCharsets.UTF_8)).isEqualTo("there is no export 'nobody'");
        assertSurvived();
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 7})
    void shouldRefuseLengthsThatDoNotMatch(int option) throws IOException {
        client.greet(3);
        for (byte[] data : malformedQueries()) {
            client.option(option, data);
            assertThat(client.readOptionReply().type()).isEqualTo(ERR_INVALID);
        }
        assertSurvived();
    }

    private static List<byte[]> malformedQueries() {
        return List.of(
                new byte[0],
                new byte[5],
                TestClient.bytes(out -> {
                    out.writeInt(1);
                    out.writeShort(0);
                }),
                TestClient.bytes(out -> {
                    out.writeInt(-1);
                    out.writeShort(0);
                }),
                TestClient.bytes(out -> {
                    out.writeInt(0);
                    out.writeShort(2);
                    out.writeShort(3);
                }),
                concat(TestClient.query(""), new byte[1]),
                TestClient.query("x".repeat(4097)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 12, 99, -1})
    void shouldRefuseAndSurviveAnUnknownOption(int option) throws IOException {
        client.greet(3).option(option, new byte[300]);

        final OptionReply reply = client.readOptionReply();
        assertThat(reply.type()).isEqualTo(ERR_UNSUP);
        assertThat(reply.option()).isEqualTo(option);
        assertSurvived();
    }

    @Test
    void shouldSkipTheDataOfALongUnknownOption() throws IOException {
        client.greet(3).option(77, new byte[3_000_000]);
        assertThat(client.readOptionReply().type()).isEqualTo(ERR_UNSUP);
        assertSurvived();
    }

    @Test
    void shouldSkipTheDataOfALongKnownOption() throws IOException {
        client.greet(3).option(7, new byte[3_000_000]);
        assertThat(client.readOptionReply().type()).isEqualTo(ERR_TOO_BIG);
        assertSurvived();
    }

    /** What a client says with ABORT is ignored, and be it long. */
    @Test
    void shouldAcknowledgeAnAbortWithMuchData() throws IOException {
        client.greet(3).option(2, new byte[3_000_000]);
        assertThat(client.readOptionReply().type()).isEqualTo(ACK);
        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void shouldCloseOnAWrongOptionMagic() throws IOException {
        client.greet(3).send(new byte[16]);
        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void shouldServeRequestsThatCameWithTheLastOption() throws IOException {
        client.greet(3);
        final byte[] query = TestClient.query("");
        client.send(concat(concat(optionHeader(7, query.length), query), TestClient.request(0, 3, 42, 0, 0)));

        OptionReply reply = client.readOptionReply();
        while (reply.type() == 3) {
            reply = client.readOptionReply();
        }
        assertThat(client.readReply()).isEqualTo(new TestClient.Reply(0, 42));
    }

    @Test
    void shouldTakeTheHandshakeByteByByte() throws IOException {
        client.readGreeting();
        final byte[] query = TestClient.query("test");
        final byte[] all = concat(new byte[] {0, 0, 0, 3}, concat(optionHeader(6, query.length), query));
        for (byte b : all) {
            client.send(new byte[] {b});
        }
        assertThat(client.readOptionReply().type()).isEqualTo(3);
    }

    private void assertSurvived() throws IOException {
        assertThat(infoOrGo(7, TestClient.query("test"))).hasSize(3);
        assertThat(client.exchange(0, 3, 0, 0)).isZero();
    }

    private List<OptionReply> infoOrGo(int option, byte[] query) throws IOException {
        client.option(option, query);
        final List<OptionReply> replies = new ArrayList<>();
        do {
            replies.add(client.readOptionReply());
        } while (replies.get(replies.size() - 1).type() == 3);
        assertThat(replies.get(replies.size() - 1).type()).isEqualTo(1);
        return replies;
    }

    private static byte[] optionHeader(int option, int length) {
        return TestClient.bytes(out -> {
            out.writeLong(0x49484156454F5054L);
            out.writeInt(option);
            out.writeInt(length);
        });
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] concat(byte[] a, byte[] b) {
        return TestClient.bytes(out -> {
            out.write(a);
            out.write(b);
        });
    }
}
