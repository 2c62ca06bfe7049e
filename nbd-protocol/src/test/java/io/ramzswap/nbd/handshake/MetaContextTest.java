package io.ramzswap.nbd.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.TestClient;
import io.ramzswap.nbd.TestClient.OptionReply;
import io.ramzswap.nbd.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Options that choose the form of replies and metadata contexts. */
@Timeout(30)
class MetaContextTest {
    private static final int STRUCTURED_REPLY = 8;
    private static final int LIST = 9;
    private static final int SET = 10;
    private static final int EXTENDED_HEADERS = 11;
    private static final int ACK = 1;
    private static final int ERR_TOO_BIG = 0x80000009;
    private static final int ERR_INVALID = 0x80000003;
    private static final int ERR_UNKNOWN = 0x80000006;
    private static final int ERR_EXT_HEADER_REQD = 0x8000000A;

    private final MemoryExport export = new MemoryExport(1 << 20, 4096);
    private TestServer server;
    private TestClient client;

    @BeforeEach
    void connect() throws IOException {
        server = TestServer.of(export);
        client = server.connect().greet(3);
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {STRUCTURED_REPLY, EXTENDED_HEADERS})
    void shouldRefuseDataWithAFormOfReplies(int option) throws IOException {
        assertThat(typeOfAnswerTo(option, new byte[1])).isEqualTo(ERR_INVALID);
        assertThat(typeOfAnswerTo(option, new byte[0])).isEqualTo(ACK);
    }

    @Test
    void shouldNotGoBackFromExtendedHeaders() throws IOException {
        assertThat(typeOfAnswerTo(STRUCTURED_REPLY, new byte[0])).isEqualTo(ACK);
        assertThat(typeOfAnswerTo(EXTENDED_HEADERS, new byte[0])).isEqualTo(ACK);
        assertThat(typeOfAnswerTo(STRUCTURED_REPLY, new byte[0])).isEqualTo(ERR_EXT_HEADER_REQD);
        client.option(1, new byte[0]);
        assertThat(client.isClosedByServer()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {STRUCTURED_REPLY, EXTENDED_HEADERS})
    void shouldOfferDontFragmentOnlyWithReplyChunks(int option) throws IOException {
        assertThat(transmissionFlags() & 128).isZero();
        typeOfAnswerTo(option, new byte[0]);
        assertThat(transmissionFlags() & 128).isEqualTo(128);
    }

    @ParameterizedTest
    @ValueSource(ints = {LIST, SET})
    void shouldRefuseContextsWithoutReplyChunks(int option) throws IOException {
        assertThat(typeOfAnswerTo(option, query("", "base:allocation"))).isEqualTo(ERR_INVALID);
    }

    @Test
    void shouldListContexts() throws IOException {
        typeOfAnswerTo(STRUCTURED_REPLY, new byte[0]);
        assertThat(contexts(LIST, "test")).containsExactly("0 base:allocation", "0 x-test:state");
        assertThat(contexts(LIST, "test", "base:")).containsExactly("0 base:allocation");
        assertThat(contexts(LIST, "test", "x-test:")).containsExactly("0 x-test:state");
        assertThat(contexts(LIST, "", "base:allocation", "base:nothing", "other:thing"))
                .containsExactly("0 base:allocation");
        assertThat(contexts(LIST, "test", "qemu:", "base", "")).isEmpty();
    }

    @Test
    void shouldSetContexts() throws IOException {
        typeOfAnswerTo(STRUCTURED_REPLY, new byte[0]);
        assertThat(contexts(SET, "test", "x-test:state", "base:allocation"))
                .containsExactly("1 base:allocation", "2 x-test:state");
        assertThat(contexts(SET, "test", "base:allocation", "base:allocation")).containsExactly("1 base:allocation");
        assertThat(contexts(SET, "test", "base:", "x-test:", "unknown:x")).isEmpty();
        assertThat(contexts(SET, "test")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {LIST, SET})
    void shouldRefuseAnUnknownExport(int option) throws IOException {
        typeOfAnswerTo(STRUCTURED_REPLY, new byte[0]);
        assertThat(typeOfAnswerTo(option, query("nobody", "base:allocation"))).isEqualTo(ERR_UNKNOWN);
    }

    @ParameterizedTest(name = "a second choice that {0}")
    @ValueSource(strings = {"succeeds", "is malformed", "is too long", "is for nobody", "is for another name"})
    void shouldForgetAChoiceWithTheNextOne(String second) throws IOException {
        typeOfAnswerTo(STRUCTURED_REPLY, new byte[0]);
        assertThat(contexts(SET, "test", "base:allocation")).hasSize(1);
        switch (second) {
            case "succeeds" -> assertThat(contexts(SET, "test")).isEmpty();
            case "is malformed" -> assertThat(typeOfAnswerTo(SET, new byte[3])).isEqualTo(ERR_INVALID);
            case "is too long" ->
                assertThat(typeOfAnswerTo(SET, new byte[20_000])).isEqualTo(ERR_TOO_BIG);
            case "is for nobody" ->
                assertThat(typeOfAnswerTo(SET, query("nobody"))).isEqualTo(ERR_UNKNOWN);
            default -> assertThat(contexts(SET, "", "base:allocation")).hasSize(1);
        }
        client.option(7, TestClient.query("test"));
        while (client.readOptionReply().type() == 3) {
            // Infos.
        }
        client.send(TestClient.request(0, 7, 5, 0, 4096));
        assertThat(client.in.readInt()).isEqualTo(0x668e33ef);
        assertThat(client.in.readShort()).isEqualTo((short) 1);
        assertThat(client.in.readUnsignedShort()).isEqualTo(0x8001);
    }

    @ParameterizedTest
    @ValueSource(ints = {LIST, SET})
    void shouldRefuseLengthsThatDoNotMatch(int option) throws IOException {
        typeOfAnswerTo(STRUCTURED_REPLY, new byte[0]);
        final byte[] good = query("test", "base:allocation", "x-test:state");
        for (int length = 0; length < good.length; length++) {
            assertThat(typeOfAnswerTo(option, Arrays.copyOf(good, length)))
                    .as("cut to %d bytes", length)
                    .isEqualTo(ERR_INVALID);
        }
        assertThat(typeOfAnswerTo(option, Arrays.copyOf(good, good.length + 1))).isEqualTo(ERR_INVALID);
        for (int position : new int[] {0, 8, 12}) {
            final byte[] bad = good.clone();
            bad[position] = (byte) 0xFF;
            assertThat(typeOfAnswerTo(option, bad)).isEqualTo(ERR_INVALID);
        }
    }

    private int typeOfAnswerTo(int option, byte[] data) throws IOException {
        client.option(option, data);
        final OptionReply reply = client.readOptionReply();
        assertThat(reply.option()).isEqualTo(option);
        return reply.type();
    }

    private List<String> contexts(int option, String exportName, String... queries) throws IOException {
        client.option(option, query(exportName, queries));
        final List<String> names = new ArrayList<>();
        OptionReply reply = client.readOptionReply();
        while (reply.type() == 4) {
            names.add(reply.buffer().getInt()
                    + " "
                    + new String(reply.data(), 4, reply.data().length - 4, StandardCharsets.UTF_8));
            reply = client.readOptionReply();
        }
        assertThat(reply.type()).isEqualTo(ACK);
        return names;
    }

    private int transmissionFlags() throws IOException {
        client.option(6, TestClient.query("test"));
        int flags = -1;
        OptionReply reply = client.readOptionReply();
        while (reply.type() == 3) {
            if (reply.buffer().getShort() == 0) {
                flags = reply.buffer().getShort(10);
            }
            reply = client.readOptionReply();
        }
        return flags;
    }

    private static byte[] query(String exportName, String... queries) {
        return TestClient.contextQuery(exportName, queries);
    }
}
