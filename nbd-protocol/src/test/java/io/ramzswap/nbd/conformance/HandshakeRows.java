package io.ramzswap.nbd.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.TestClient;
import io.ramzswap.nbd.TestClient.OptionReply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rules of the handshake phase. */
final class HandshakeRows {
    private static final int EXPORT_NAME = 1;
    private static final int ABORT = 2;
    private static final int LIST = 3;
    private static final int STARTTLS = 5;
    private static final int INFO = 6;
    private static final int GO = 7;
    private static final int STRUCTURED_REPLY = 8;
    private static final int LIST_META_CONTEXT = 9;
    private static final int SET_META_CONTEXT = 10;
    private static final int ACK = 1;
    private static final int ERR_UNSUP = 0x80000001;
    private static final int ERR_POLICY = 0x80000002;
    private static final int ERR_INVALID = 0x80000003;
    private static final int ERR_UNKNOWN = 0x80000006;
    private static final int UNKNOWN_OPTION = 12345;
    private static final byte[] NOTHING = {};

    static final List<Row> ALL = List.of(
            new Row("the greeting offers fixed newstyle", server -> {
                try (TestClient client = server.connect()) {
                    assertThat(client.readGreeting() & 1).isEqualTo(1);
                }
            }),
            new Row("an unknown client flag ends the connection", server -> {
                try (TestClient client = server.connect().greet(1 << 7)) {
                    assertThat(client.isClosedByServer()).isTrue();
                }
            }),
            new Row("an option without its magic ends the connection", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    client.send(new byte[16]);
                    assertThat(client.isClosedByServer()).isTrue();
                }
            }),
            new Row("an unknown option is ERR_UNSUP, and the next message is understood", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    assertThat(answer(client, UNKNOWN_OPTION, new byte[33])).isEqualTo(ERR_UNSUP);
                    assertThat(answer(client, UNKNOWN_OPTION, NOTHING)).isEqualTo(ERR_UNSUP);
                    assertThat(answer(client, GO, TestClient.query(""))).isEqualTo(ACK);
                }
            }),
            new Row("LIST ends in ACK", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    assertThat(answer(client, LIST, NOTHING)).isEqualTo(ACK);
                }
            }),
            new Row("LIST with data is ERR_INVALID", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    assertThat(answer(client, LIST, new byte[4])).isEqualTo(ERR_INVALID);
                    assertThat(answer(client, LIST, NOTHING)).isEqualTo(ACK);
                }
            }),
            new Row("ABORT is acknowledged and ends the connection", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    assertThat(answer(client, ABORT, NOTHING)).isEqualTo(ACK);
                    assertThat(client.isClosedByServer()).isTrue();
                }
            }),
            new Row("ABORT with data is acknowledged", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    assertThat(answer(client, ABORT, new byte[10])).isEqualTo(ACK);
                }
            }),
            new Row("STARTTLS where there is no TLS is ERR_POLICY or ERR_UNSUP", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    assertThat(answer(client, STARTTLS, NOTHING)).isIn(ERR_POLICY, ERR_UNSUP);
                    assertThat(answer(client, GO, TestClient.query(""))).isEqualTo(ACK);
                }
            }),
            new Row("EXPORT_NAME ends in 124 zeroes unless they were declined", server -> {
                try (TestClient client = server.connect().greet(1)) {
                    client.option(EXPORT_NAME, NOTHING);
                    assertThat(client.in.readLong()).isEqualTo(Peer.SIZE);
                    assertThat(client.in.readShort() & 1).isEqualTo(1);
                    assertThat(client.in.readNBytes(124)).containsOnly(0);
                    assertThat(client.exchange(0, 3, 0, 0)).isZero();
                }
            }),
            new Row("EXPORT_NAME of an unknown export ends the connection", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    client.option(EXPORT_NAME, new byte[] {'n', 'o'});
                    assertThat(client.isClosedByServer()).isTrue();
                }
            }),
            new Row("INFO of an unknown export is ERR_UNKNOWN", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    assertThat(answer(client, INFO, TestClient.query("no"))).isEqualTo(ERR_UNKNOWN);
                    assertThat(answer(client, GO, TestClient.query(""))).isEqualTo(ACK);
                }
            }),
            new Row("INFO and GO tell the same", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    final List<String> info = answers(client, INFO);
                    assertThat(info).hasSizeGreaterThan(1);
                    assertThat(answers(client, GO)).isEqualTo(info);
                }
            }),
            new Row("GO with unknown info requests ignores them", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    assertThat(answer(client, GO, TestClient.query("", 3, 77, 65535)))
                            .isEqualTo(ACK);
                }
            }),
            new Row("GO with a name longer than the option is ERR_INVALID", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    for (int length : new int[] {1, 7, 1 << 16, Integer.MAX_VALUE, -1}) {
                        assertThat(answer(client, GO, lengths(length, 0))).isEqualTo(ERR_INVALID);
                    }
                    assertThat(answer(client, GO, TestClient.query(""))).isEqualTo(ACK);
                }
            }),
            new Row("GO that is cut short is ERR_INVALID", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    for (int length = 0; length < 6; length++) {
                        assertThat(answer(client, GO, new byte[length])).isEqualTo(ERR_INVALID);
                    }
                    assertThat(answer(client, GO, lengths(0, 2))).isEqualTo(ERR_INVALID);
                }
            }),
            new Row("GO with a name of more than 4096 bytes is refused", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    assertThat(answer(client, GO, TestClient.query("x".repeat(4097))))
                            .isNegative();
                    assertThat(answer(client, GO, TestClient.query(""))).isEqualTo(ACK);
                }
            }),
            new Row("an option of 4 GiB neither fills memory nor keeps others out", server -> {
                try (TestClient client = server.connect().greet(3);
                        TestClient other = server.go()) {
                    client.send(out -> {
                        out.writeLong(0x49484156454F5054L);
                        out.writeInt(UNKNOWN_OPTION);
                        out.writeInt(-1);
                    });
                    assertThat(other.exchange(0, 3, 0, 0)).isZero();
                }
            }),
            new Row("STRUCTURED_REPLY with data is ERR_INVALID", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    assertThat(answer(client, STRUCTURED_REPLY, new byte[1])).isEqualTo(ERR_INVALID);
                    assertThat(answer(client, STRUCTURED_REPLY, NOTHING)).isEqualTo(ACK);
                }
            }),
            new Row("SET_META_CONTEXT before STRUCTURED_REPLY is ERR_INVALID", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    assertThat(answer(client, SET_META_CONTEXT, TestClient.contextQuery("", "base:allocation")))
                            .isEqualTo(ERR_INVALID);
                }
            }),
            new Row("a context query of an unknown namespace is ignored", server -> {
                try (TestClient client = structured(server)) {
                    for (int option : new int[] {LIST_META_CONTEXT, SET_META_CONTEXT}) {
                        client.option(option, TestClient.contextQuery("", "x-nobody:nothing", "x-nobody:"));
                        assertThat(client.readOptionReply().type()).isEqualTo(ACK);
                    }
                }
            }),
            new Row("LIST_META_CONTEXT takes a namespace as a wildcard, SET_META_CONTEXT does not", server -> {
                try (TestClient client = structured(server)) {
                    client.option(LIST_META_CONTEXT, TestClient.contextQuery("", "base:"));
                    assertThat(client.readOptionReply().type()).isEqualTo(4);
                    assertThat(client.readOptionReply().type()).isEqualTo(ACK);
                    client.option(SET_META_CONTEXT, TestClient.contextQuery("", "base:"));
                    assertThat(client.readOptionReply().type()).isEqualTo(ACK);
                }
            }),
            new Row("a context query longer than its option is ERR_INVALID", server -> {
                try (TestClient client = structured(server)) {
                    final byte[] query = TestClient.contextQuery("", "base:allocation");
                    for (int cut = 1; cut < query.length; cut++) {
                        assertThat(answer(client, SET_META_CONTEXT, Arrays.copyOf(query, cut)))
                                .isEqualTo(ERR_INVALID);
                    }
                }
            }),
            new Row("a conversation can end at any byte", server -> {
                final byte[] conversation = TestClient.bytes(out -> {
                    out.writeInt(3);
                    out.writeLong(0x49484156454F5054L);
                    out.writeInt(GO);
                    out.writeInt(6);
                    out.write(TestClient.query(""));
                    out.write(TestClient.request(0, 1, 1, 0, 8));
                });
                for (int length = 0; length <= conversation.length; length++) {
                    try (TestClient client = server.connect()) {
                        client.readGreeting();
                        client.send(Arrays.copyOf(conversation, length));
                    }
                }
                try (TestClient client = server.go()) {
                    assertThat(client.read(0, 8)).containsOnly(0);
                }
            }));

    private HandshakeRows() {}

    /** The type of the last reply to an option. */
    static int answer(TestClient client, int option, byte[] data) throws IOException {
        client.option(option, data);
        OptionReply reply = client.readOptionReply();
        while (!reply.isError() && reply.type() != ACK) {
            reply = client.readOptionReply();
        }
        assertThat(reply.option()).isEqualTo(option);
        return reply.type();
    }

    private static List<String> answers(TestClient client, int option) throws IOException {
        client.option(option, TestClient.query("", 3));
        final List<String> answers = new ArrayList<>();
        OptionReply reply = client.readOptionReply();
        while (reply.type() == 3) {
            answers.add(Arrays.toString(reply.data()));
            reply = client.readOptionReply();
        }
        answers.add(Integer.toHexString(reply.type()));
        return answers;
    }

    private static byte[] lengths(int name, int infos) {
        return TestClient.bytes(out -> {
            out.writeInt(name);
            out.writeShort(infos);
        });
    }

    private static TestClient structured(Peer.Running server) throws IOException {
        final TestClient client = server.connect().greet(3);
        assertThat(answer(client, STRUCTURED_REPLY, NOTHING)).isEqualTo(ACK);
        return client;
    }
}
