package io.ramzswap.nbd.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.TestClient;
import io.ramzswap.nbd.ToldLatencies;
import io.ramzswap.nbd.server.NbdServer;
import io.ramzswap.nbd.server.ServerOptions;
import io.ramzswap.nbd.server.TcpListener;
import io.ramzswap.nbd.transport.CpuLatency;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
    private static final int STARTTLS = 5;
    private static final int ACK = 1;
    private static final int ERR_POLICY = 0x80000002;
    private static final int ERR_INVALID = 0x80000003;
    private static final int ERR_TLS_REQD = 0x80000005;
    private static final int SIZE = 1 << 20;

    @TempDir
    static Path directory;

    private static TestCertificates serverKeys;
    private static TestCertificates clientKeys;

    private final MemoryExport export = new MemoryExport(SIZE, 4096);
    private NbdServer server;
    private int port;

    @BeforeAll
    static void makeCertificates() throws Exception {
        serverKeys = new TestCertificates(directory, "server", "EC");
        clientKeys = new TestCertificates(directory, "client", "RSA");
    }

    private void start(boolean required, boolean clientCertificate) throws IOException {
        final SSLContext context =
                PemFiles.load(serverKeys.certificate, serverKeys.key, Optional.of(clientKeys.certificate));
        start(ServerOptions.DEFAULT.withTls(new TlsOptions(context, required, clientCertificate)));
    }

    private void start(ServerOptions options) throws IOException {
        server = new NbdServer(ExportCatalog.of(export), options, Thread::new);
        final TcpListener listener = TcpListener.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        port = listener.boundAddress().getPort();
        server.serve(listener);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
            assertThat(export.openSessions).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldServeUnderTls(String protocol) throws Exception {
        start(true, false);
        final byte[] payload = new byte[SIZE];
        new Random(1).nextBytes(payload);

        try (TestClient client = startTls(serverKeys, protocol)) {
            go(client);
            assertThat(client.write(0, 0, payload)).isZero();
            assertThat(Arrays.equals(client.read(0, SIZE), payload)).isTrue();
            assertThat(Arrays.equals(export.bytes, payload)).isTrue();
            client.send(TestClient.request(0, 2, 0, 0, 0));
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void shouldKeepProcessorsAwakeWhileRequestsAreClose() throws Exception {
        final ToldLatencies told = ToldLatencies.in(directory);
        final SSLContext context =
                PemFiles.load(serverKeys.certificate, serverKeys.key, Optional.of(clientKeys.certificate));
        try (CpuLatency latency = told.open()) {
            start(ServerOptions.DEFAULT
                    .withTls(new TlsOptions(context, true, false))
                    .withCpuLatency(latency));
            try (TestClient client = startTls(serverKeys, "TLSv1.3")) {
                go(client);
                told.untilWanted(client);
            }
            told.awaitNoLimit();
        }
    }

    @Test
    void shouldTellNothingBeforeTlsWhereItIsRequired() throws Exception {
        start(true, false);
        try (TestClient client = connect().greet(3)) {
            for (int option : new int[] {3, 6, 7, 8, 9, 10, 11, 77}) {
                assertThat(typeOfAnswerTo(client, option)).isEqualTo(ERR_TLS_REQD);
                client.option(option, new byte[20_000]);
                assertThat(client.readOptionReply().type()).isEqualTo(ERR_TLS_REQD);
            }
            client.option(1, new byte[0]);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void shouldServeWithoutTlsWhereItIsOptional() throws Exception {
        start(false, false);
        try (TestClient plain = connect().go();
                TestClient secure = startTls(serverKeys, "TLSv1.3")) {
            go(secure);
            assertThat(plain.exchange(0, 3, 0, 0)).isZero();
            assertThat(secure.exchange(0, 3, 0, 0)).isZero();
        }
    }

    @Test
    void shouldRefuseTlsWithoutACertificate() throws Exception {
        start(ServerOptions.DEFAULT);
        try (TestClient client = connect().greet(3)) {
            assertThat(typeOfAnswerTo(client, STARTTLS)).isEqualTo(ERR_POLICY);
            go(client);
        }
    }

    @Test
    void shouldRefuseToStartTlsTwice() throws Exception {
        start(false, false);
        try (TestClient client = startTls(serverKeys, "TLSv1.3")) {
            assertThat(typeOfAnswerTo(client, STARTTLS)).isEqualTo(ERR_INVALID);
        }
    }

    @Test
    void shouldForgetWhatWasAgreedBeforeTls() throws Exception {
        start(false, false);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                TestClient plain = new TestClient(socket).greet(3)) {
            assertThat(typeOfAnswerTo(plain, 8)).isEqualTo(ACK);
            assertThat(typeOfAnswerTo(plain, STARTTLS)).isEqualTo(ACK);
            try (TestClient client = secure(socket, serverKeys, "TLSv1.3")) {
                go(client);
                assertThat(client.exchange(0, 0, 0, 0)).isZero();
            }
        }
    }

    @Test
    void shouldCloseWhenWordsAreSlippedInBeforeTls() throws Exception {
        start(false, false);
        try (TestClient client = connect().greet(3)) {
            client.send(out -> {
                for (int option : new int[] {STARTTLS, 3}) {
                    out.writeLong(0x49484156454F5054L);
                    out.writeInt(option);
                    out.writeInt(0);
                }
            });
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void shouldDemandAClientCertificateThatItTrusts() throws Exception {
        start(true, true);
        try (TestClient client = startTls(clientKeys, "TLSv1.2")) {
            go(client);
        }
        assertThatThrownBy(() -> startTls(serverKeys, "TLSv1.2").close()).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldTellWhomItDoesNotTrust(String protocol) throws Exception {
        start(true, true);
        assertThatThrownBy(() -> {
                    // With TLS 1.3 a client learns it after its own handshake.
                    try (TestClient client = startTls(serverKeys, protocol)) {
                        client.in.readByte();
                    }
                })
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("Received fatal alert");
    }

    @ParameterizedTest(name = "after {0}")
    @ValueSource(strings = {"ABORT", "a name of nobody", "DISC"})
    void shouldSayFarewell(String end) throws Exception {
        start(true, false);
        try (RecordingSocket socket = new RecordingSocket(port);
                TestClient plain = new TestClient(socket).greet(3)) {
            assertThat(typeOfAnswerTo(plain, STARTTLS)).isEqualTo(ACK);
            socket.heard.reset();
            try (TestClient client = secure(socket, serverKeys, "TLSv1.2")) {
                switch (end) {
                    case "ABORT" -> assertThat(typeOfAnswerTo(client, 2)).isEqualTo(ACK);
                    case "a name of nobody" -> client.option(1, new byte[] {'n', 'o'});
                    default -> {
                        go(client);
                        client.send(TestClient.request(0, 2, 0, 0, 0));
                    }
                }
                assertThat(client.isClosedByServer()).isTrue();
            }
            assertThat(socket.lastRecordType()).as("an alert: close_notify").isEqualTo(21);
        }
    }

    /** Remembers what came, as it came. */
    private static final class RecordingSocket extends Socket {
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

        RecordingSocket(int port) throws IOException {
            super(InetAddress.getLoopbackAddress(), port);
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    final byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    final int count = super.read(bytes, offset, length);
                    heard.write(bytes, offset, Math.max(count, 0));
                    return count;
                }
            };
        }

        /** Each record of TLS begins with its type, a version of two bytes, and a length of two. */
        int lastRecordType() {
            final ByteBuffer records = ByteBuffer.wrap(heard.toByteArray());
            int type = -1;
            while (records.hasRemaining()) {
                type = records.get();
                records.getShort();
                final int length = Short.toUnsignedInt(records.getShort());
                records.position(records.position() + length);
            }
            return type;
        }
    }

    @Test
    void shouldSurviveGarbageInPlaceOfTls() throws Exception {
        start(false, false);
        try (TestClient client = connect().greet(3)) {
            assertThat(typeOfAnswerTo(client, STARTTLS)).isEqualTo(ACK);
            client.send(new byte[1000]);
            client.in.readAllBytes();
        }
        try (TestClient client = connect().go()) {
            assertThat(client.exchange(0, 3, 0, 0)).isZero();
        }
    }

    @Test
    void shouldListenPubliclyOnlyWhereTlsIsRequired() throws Exception {
        start(false, false);
        try (TcpListener listener = TcpListener.listen(new InetSocketAddress("0.0.0.0", 0))) {
            assertThatThrownBy(() -> server.serve(listener))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("can be reached from other machines: require TLS");
        }
    }

    @Test
    void shouldReadAnRsaKeyInItsOlderForm() throws Exception {
        // In PKCS #8, 26 bytes stand before such a key of 2048 bits.
        final byte[] pkcs8 =
                Base64.getMimeDecoder().decode(Files.readString(clientKeys.key).replaceAll("-----.*?-----", ""));
        final String older = Base64.getMimeEncoder().encodeToString(Arrays.copyOfRange(pkcs8, 26, pkcs8.length));
        final Path key = Files.writeString(
                directory.resolve("older.pem"),
                "text before it\n-----BEGIN RSA PRIVATE KEY-----\n" + older + "\n-----END RSA PRIVATE KEY-----\n");

        start(ServerOptions.DEFAULT.withTls(
                new TlsOptions(PemFiles.load(clientKeys.certificate, key, Optional.empty()), true, false)));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                TestClient plain = new TestClient(socket).greet(3)) {
            assertThat(typeOfAnswerTo(plain, STARTTLS)).isEqualTo(ACK);
            final SSLContext trusting = serverKeys.contextTrusting(clientKeys);
            try (SSLSocket secure =
                    (SSLSocket) trusting.getSocketFactory().createSocket(socket, "localhost", 0, true)) {
                secure.startHandshake();
                go(new TestClient(secure));
            }
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAFile() throws Exception {
        final Path empty = Files.writeString(directory.resolve("empty"), "nothing");
        assertThatThrownBy(() -> PemFiles.load(serverKeys.certificate, empty, Optional.empty()))
                .hasMessageContaining("holds no unencrypted PKCS #8 private key");
        assertThatThrownBy(() -> PemFiles.load(directory.resolve("none"), serverKeys.key, Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none");
    }

    /** As openssl pkcs12 writes the name of who it belongs to. */
    @Test
    void shouldTakeAKeyWithWordsOfAnyKindBeforeIt() throws Exception {
        final Path named = directory.resolve("named-key.pem");
        Files.writeString(named, "    friendlyName: L\u00f6wenz\u00e4hmer\n" + Files.readString(serverKeys.key));
        assertThat(PemFiles.load(serverKeys.certificate, named, Optional.empty()))
                .isNotNull();
    }

    @Test
    void shouldNameAKeyThatWasCut() throws Exception {
        final Path cut = directory.resolve("cut-key.pem");
        Files.writeString(cut, "-----BEGIN PRIVATE KEY-----\nMIIEv\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(() -> PemFiles.load(serverKeys.certificate, cut, Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(cut + " holds a private key that is damaged");
    }

    @Test
    void shouldServeOthersBesideClientsThatStartTlsAndFallSilent() throws Exception {
        final SSLContext context = PemFiles.load(serverKeys.certificate, serverKeys.key, Optional.empty());
        start(ServerOptions.DEFAULT
                .withTls(new TlsOptions(context, true, false))
                .withLimits(4, 60_000));
        final List<TestClient> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 12; i++) {
                final TestClient client = connect().greet(3);
                silent.add(client);
                assertThat(typeOfAnswerTo(client, STARTTLS)).isEqualTo(ACK);
                // The beginning of a record.
                client.send(new byte[] {22, 3, 1});
            }
            try (TestClient client = startTls(serverKeys, "TLSv1.3")) {
                go(client);
                assertThat(client.exchange(0, 3, 0, 0)).isZero();
            }
        } finally {
            for (TestClient client : silent) {
                client.close();
            }
        }
    }

    private TestClient connect() throws IOException {
        return new TestClient(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    private TestClient startTls(TestCertificates shown, String protocol) throws Exception {
        final Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        final TestClient plain = new TestClient(socket).greet(3);
        assertThat(typeOfAnswerTo(plain, STARTTLS)).isEqualTo(ACK);
        return secure(socket, shown, protocol);
    }

    private static TestClient secure(Socket socket, TestCertificates shown, String protocol) throws Exception {
        final SSLSocket secure = (SSLSocket)
                shown.contextTrusting(serverKeys).getSocketFactory().createSocket(socket, "localhost", 0, true);
        secure.setEnabledProtocols(new String[] {protocol});
        secure.startHandshake();
        return new TestClient(secure);
    }

    private static int typeOfAnswerTo(TestClient client, int option) throws IOException {
        client.option(option, new byte[0]);
        return client.readOptionReply().type();
    }

    private static void go(TestClient client) throws IOException {
        client.option(7, TestClient.query(""));
        TestClient.OptionReply reply = client.readOptionReply();
        while (reply.type() == 3) {
            reply = client.readOptionReply();
        }
        assertThat(reply.type()).isEqualTo(ACK);
    }
}
