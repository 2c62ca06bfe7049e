package io.ramzswap.nbd.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.TestClient;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rules of the transmission phase with simple replies. */
final class TransmissionRows {
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int DISC = 2;
    private static final int FLUSH = 3;
    private static final int TRIM = 4;
    private static final int CACHE = 5;
    private static final int WRITE_ZEROES = 6;
    private static final int FUA = 1;
    private static final int NO_HOLE = 1 << 1;
    private static final int DF = 1 << 2;
    private static final int EPERM = 1;
    private static final int EINVAL = 22;
    private static final int ENOSPC = 28;
    private static final int SIZE = Peer.SIZE;
    private static final long TWO_TO_THE_31 = 1L << 31;
    private static final long LONGEST = (1L << 32) - 1;

    /** Offsets that are past the end, or become so when a length is added, whatever the sum overflows to. */
    private static final long[] OFFSETS_PAST_THE_END = {
        SIZE, SIZE - 512, 1L << 32, 1L << 62, Long.MAX_VALUE - 511, Long.MIN_VALUE, -512, -1024
    };

    static final List<Row> ALL = List.of(
            new Row("what was written is read, at any offset", with(client -> {
                assertThat(client.write(0, 511, new byte[] {1, 2, 3})).isZero();
                assertThat(client.read(510, 5)).containsExactly(0, 1, 2, 3, 0);
            })),
            new Row("FLUSH, TRIM, CACHE and WRITE_ZEROES are carried out", with(client -> {
                assertThat(client.write(0, 0, filled(8192, 7))).isZero();
                for (int command : new int[] {CACHE, TRIM, WRITE_ZEROES}) {
                    assertThat(client.exchange(0, command, 4096, 4096)).isZero();
                }
                assertThat(client.exchange(0, FLUSH, 0, 0)).isZero();
                assertThat(client.read(0, 4096)).containsOnly(7);
                assertThat(client.read(4096, 4096)).containsOnly(0);
            })),
            new Row("FUA is taken on every command", with(client -> {
                assertThat(client.write(FUA, 0, new byte[512])).isZero();
                assertThat(client.exchange(FUA, FLUSH, 0, 0)).isZero();
                for (int command : new int[] {CACHE, TRIM, WRITE_ZEROES}) {
                    assertThat(client.exchange(FUA, command, 0, 4096)).isZero();
                }
                assertThat(client.exchange(FUA, READ, 0, 512)).isZero();
                assertThat(client.in.readNBytes(512)).containsOnly(0);
            })),
            new Row("FAST_ZERO is quick to do or quick to refuse", with(client -> {
                assertThat(client.exchange(1 << 4, WRITE_ZEROES, 0, 4096)).isIn(0, 95);
                assertThat(client.exchange(NO_HOLE, WRITE_ZEROES, 0, 4096)).isZero();
            })),
            new Row("an unknown command is EINVAL", with(client -> {
                assertThat(client.exchange(0, 99, 0, 0)).isEqualTo(EINVAL);
                assertThat(client.exchange(0, 0xFFFF, 0, 512)).isEqualTo(EINVAL);
                assertServes(client);
            })),
            new Row("an unknown flag is EINVAL", with(client -> {
                for (int command : new int[] {READ, FLUSH, TRIM, WRITE_ZEROES}) {
                    assertThat(client.exchange(1 << 12, command, 0, command == FLUSH ? 0 : 512))
                            .isEqualTo(EINVAL);
                }
                assertThat(client.write(1 << 12, 0, new byte[512])).isEqualTo(EINVAL);
                assertServes(client);
            })),
            new Row("a flag of another command is EINVAL", with(client -> {
                assertThat(client.write(NO_HOLE, 0, new byte[512])).isEqualTo(EINVAL);
                assertThat(client.exchange(NO_HOLE, TRIM, 0, 512)).isEqualTo(EINVAL);
                assertServes(client);
            })),
            new Row("DF without structured replies is EINVAL", with(client -> {
                assertThat(client.exchange(DF, READ, 0, 512)).isEqualTo(EINVAL);
                assertServes(client);
            })),
            new Row("READ past the end is EINVAL", with(client -> assertRefused(client, READ, EINVAL))),
            new Row("TRIM past the end is EINVAL", with(client -> assertRefused(client, TRIM, EINVAL))),
            new Row("WRITE_ZEROES past the end is ENOSPC", with(client -> assertRefused(client, WRITE_ZEROES, ENOSPC))),
            new Row("WRITE past the end is ENOSPC and changes nothing", with(client -> {
                for (long offset : OFFSETS_PAST_THE_END) {
                    assertThat(client.write(0, offset, filled(1024, 1)))
                            .as("offset %d", offset)
                            .isEqualTo(ENOSPC);
                }
                assertThat(client.read(0, SIZE)).containsOnly(0);
            })),
            new Row("a READ of 2 GiB and more is refused, or ends the connection", server -> {
                for (long length : new long[] {TWO_TO_THE_31, LONGEST}) {
                    assertRefusedOrClosed(server, TestClient.request(0, READ, 7, 0, length));
                }
            }),
            new Row("a WRITE of 2 GiB and more is refused, or ends the connection", server -> {
                for (long length : new long[] {TWO_TO_THE_31, LONGEST}) {
                    assertRefusedOrClosed(server, TestClient.request(0, WRITE, 7, 0, length));
                }
            }),
            new Row("a TRIM or WRITE_ZEROES of 2 GiB and more is refused, and the connection goes on", with(client -> {
                for (long length : new long[] {TWO_TO_THE_31, LONGEST - 511, LONGEST}) {
                    assertThat(client.exchange(0, TRIM, 0, length)).isNotZero();
                    assertThat(client.exchange(0, WRITE_ZEROES, 0, length)).isNotZero();
                }
                assertServes(client);
            })),
            new Row("a length of 0 does not end the connection", with(client -> {
                for (int command : new int[] {READ, TRIM, WRITE_ZEROES, CACHE}) {
                    assertThat(client.exchange(0, command, 0, 0)).isGreaterThanOrEqualTo(0);
                }
                assertThat(client.write(0, 0, new byte[0])).isGreaterThanOrEqualTo(0);
                assertServes(client);
            })),
            new Row("a wrong magic ends the connection", with(client -> {
                client.send(new byte[28]);
                assertThat(client.isClosedByServer()).isTrue();
            })),
            new Row("DISC ends the connection after what came before it was answered", with(client -> {
                client.send(out -> {
                    for (int i = 0; i < 8; i++) {
                        out.write(TestClient.request(0, FLUSH, i, 0, 0));
                    }
                    out.write(TestClient.request(0, DISC, 8, 0, 0));
                });
                assertThat(cookies(client, 8)).hasSize(8);
                assertThat(client.isClosedByServer()).isTrue();
            })),
            new Row("many requests in flight are all answered", with(client -> {
                client.send(out -> {
                    for (int i = 0; i < 1000; i++) {
                        out.write(TestClient.request(0, FLUSH, i, 0, 0));
                    }
                });
                assertThat(cookies(client, 1000)).hasSize(1000);
            })),
            new Row("after FLUSH on one connection all others see what it wrote", server -> {
                try (TestClient writer = server.go();
                        TestClient reader = server.go()) {
                    for (int value = 1; value < 50; value++) {
                        assertThat(writer.write(0, 4096, filled(4096, value))).isZero();
                        assertThat(writer.exchange(0, FLUSH, 0, 0)).isZero();
                        assertThat(reader.read(4096, 4096)).containsOnly(value);
                    }
                }
            }),
            new Row("a WRITE that is cut off changes nothing outside its range", server -> {
                try (TestClient client = server.go()) {
                    client.send(out -> {
                        out.write(TestClient.request(0, WRITE, 1, 8192, 8192));
                        out.write(filled(5000, 1));
                    });
                }
                try (TestClient client = server.go()) {
                    assertThat(client.read(0, 8192)).containsOnly(0);
                    assertThat(client.read(16384, 8192)).containsOnly(0);
                }
            }));

    static final List<Row> READ_ONLY = List.of(
            new Row("a read-only export says so", server -> {
                try (TestClient client = server.connect().greet(3)) {
                    client.option(1, new byte[0]);
                    assertThat(client.in.readLong()).isEqualTo(SIZE);
                    assertThat(client.in.readUnsignedShort() & 2).isEqualTo(2);
                }
            }),
            new Row("WRITE, TRIM and WRITE_ZEROES on a read-only export are EPERM", with(client -> {
                assertThat(client.write(0, 0, new byte[512])).isEqualTo(EPERM);
                assertThat(client.exchange(0, TRIM, 0, 4096)).isEqualTo(EPERM);
                assertThat(client.exchange(0, WRITE_ZEROES, 0, 4096)).isEqualTo(EPERM);
                assertServes(client);
            })));

    /** What is done with a client. */
    private interface ClientCheck {
        void with(TestClient client) throws IOException;
    }

    private TransmissionRows() {}

    private static Row.Check with(ClientCheck check) {
        return server -> {
            try (TestClient client = server.go()) {
                check.with(client);
            }
        };
    }

    private static void assertServes(TestClient client) throws IOException {
        assertThat(client.read(0, 16)).hasSize(16);
    }

    private static void assertRefused(TestClient client, int command, int error) throws IOException {
        for (long offset : OFFSETS_PAST_THE_END) {
            assertThat(client.exchange(0, command, offset, 1024))
                    .as("offset %d", offset)
                    .isEqualTo(error);
        }
        assertServes(client);
    }

    private static void assertRefusedOrClosed(Peer.Running server, byte[] request) throws IOException {
        try (TestClient client = server.go();
                TestClient other = server.go()) {
            client.send(request);
            try {
                assertThat(client.readReply().error()).isNotZero();
            } catch (IOException e) {
                assertThat(client.isClosedByServer()).isTrue();
            }
            assertServes(other);
        }
    }

    private static Set<Long> cookies(TestClient client, int replies) throws IOException {
        final Set<Long> cookies = new HashSet<>();
        for (int i = 0; i < replies; i++) {
            final TestClient.Reply reply = client.readReply();
            assertThat(reply.error()).isZero();
            cookies.add(reply.cookie());
        }
        return cookies;
    }

    private static byte[] filled(int length, int value) {
        final byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
