package io.ramzswap.nbd.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.TestClient;
import io.ramzswap.nbd.server.NbdServer;
import io.ramzswap.nbd.server.ServerOptions;
import io.ramzswap.nbd.server.TcpListener;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients of a running server are shown while others replace its certificate. */
class RenewedContextTest {
    private static final int STARTTLS = 5;
    private static final int GO = 7;

    @TempDir
    static Path made;

    private static TestCertificates first;
    private static TestCertificates second;
    private static TestCertificates client;

    @TempDir
    private Path directory;

    private final List<X509Certificate> renewed = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private RenewedContext context;
    private NbdServer server;
    private int port;

    @BeforeAll
    static void makeCertificates() throws Exception {
        first = new TestCertificates(made, "first", "EC");
        second = new TestCertificates(made, "second", "EC");
        client = new TestCertificates(made, "client", "EC");
    }

    @BeforeEach
    void start() throws IOException {
        // Given files that have been there for a while.
        copy(first.certificate, "cert.pem");
        copy(first.key, "key.pem");
        copy(client.certificate, "ca.pem");
        context = RenewedContext.of(
                new PemFiles(file("cert.pem"), file("key.pem"), Optional.of(file("ca.pem"))),
                new RenewedContext.News() {
                    @Override
                    public void renewed(X509Certificate certificate) {
                        renewed.add(certificate);
                    }

                    @Override
                    public void refused(IOException why) {
                        refused.add(why.getMessage());
                    }
                });
        server = new NbdServer(
                ExportCatalog.of(new MemoryExport(1 << 20, 4096)),
                ServerOptions.DEFAULT.withTls(new TlsOptions(context, true, true)),
                Thread::new);
        TcpListener listener = TcpListener.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        port = listener.boundAddress().getPort();
        server.serve(listener);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldShowWhatWasRenamedIntoPlace() throws Exception {
        assertThat(shown(first, client)).isEqualTo(certificate(first));

        replace(second.certificate, "cert.pem");
        replace(second.key, "key.pem");

        assertThat(shown(second, client)).isEqualTo(certificate(second));
        assertThat(renewed).containsExactly((X509Certificate) certificate(second));
        assertThat(refused).isEmpty();
    }

    /** As certbot and Kubernetes do. */
    @Test
    void shouldShowWhatALinkLeadsToNow() throws Exception {
        Path old = Files.createDirectory(file("old"));
        Files.move(file("cert.pem"), old.resolve("cert.pem"));
        Files.move(file("key.pem"), old.resolve("key.pem"));
        Path renewedOnes = Files.createDirectory(file("new"));
        Files.copy(second.certificate, renewedOnes.resolve("cert.pem"));
        Files.copy(second.key, renewedOnes.resolve("key.pem"));
        Files.createSymbolicLink(file("data"), Path.of("old"));
        Files.createSymbolicLink(file("cert.pem"), Path.of("data/cert.pem"));
        Files.createSymbolicLink(file("key.pem"), Path.of("data/key.pem"));
        assertThat(shown(first, client)).isEqualTo(certificate(first));

        Files.createSymbolicLink(file("data.new"), Path.of("new"));
        Files.move(file("data.new"), file("data"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(shown(second, client)).isEqualTo(certificate(second));
    }

    /** A clock that ticks too slowly would give both the same times. */
    @Test
    void shouldShowWhatWasWrittenInPlaceAtTheSameMoment() throws Exception {
        assertThat(shown(first, client)).isEqualTo(certificate(first));
        FileTime moment = Files.getLastModifiedTime(file("cert.pem"));

        Files.write(file("cert.pem"), Files.readAllBytes(second.certificate));
        Files.write(file("key.pem"), Files.readAllBytes(second.key));
        Files.setLastModifiedTime(file("cert.pem"), moment);
        Files.setLastModifiedTime(file("key.pem"), moment);

        assertThat(shown(second, client)).isEqualTo(certificate(second));
    }

    @Test
    void shouldTrustTheAuthorityThatIsThereNow() throws Exception {
        assertThat(shown(first, client)).isEqualTo(certificate(first));

        replace(second.certificate, "ca.pem");

        assertThat(shown(first, second)).isEqualTo(certificate(first));
        assertThatThrownBy(() -> shown(first, client)).isInstanceOf(IOException.class);
    }

    @Test
    void shouldGoOnWithClientsThatAreThere() throws Exception {
        try (TestClient old = connect(first, client)) {
            replace(second.certificate, "cert.pem");
            replace(second.key, "key.pem");
            replace(second.certificate, "ca.pem");
            assertThat(shown(second, second)).isEqualTo(certificate(second));

            old.option(GO, TestClient.query(""));
            assertThat(old.readOptionReply().type()).isEqualTo(3);
        }
    }

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "mismatch|cert.pem|key.pem is not the key of the first certificate in",
                "mismatch|key.pem|key.pem is not the key of the first certificate in",
                "half|cert.pem|cert.pem holds a certificate that is damaged",
                "half|key.pem|key.pem holds no unencrypted PKCS #8 private key",
                "half|ca.pem|ca.pem holds a certificate that is damaged",
                "nothing|cert.pem|cert.pem holds no certificate",
                "nothing|ca.pem|ca.pem holds no certificate",
                "gone|key.pem|key.pem",
                "a directory|cert.pem|is no regular file"
            })
    void shouldKeepWhatItHasWhenTheFilesAreOfNoUse(String fault, String name, String complaint) throws Exception {
        switch (fault) {
            case "mismatch" -> replace(name.equals("key.pem") ? second.key : second.certificate, name);
            case "half" -> {
                String whole = Files.readString(file(name));
                Files.writeString(file(name), whole.substring(0, whole.length() / 2));
            }
            case "nothing" -> Files.writeString(file(name), "");
            case "gone" -> Files.delete(file(name));
            default -> {
                Files.delete(file(name));
                Files.createDirectory(file(name));
            }
        }

        for (int i = 0; i < 3; i++) {
            assertThat(shown(first, client)).isEqualTo(certificate(first));
        }
        assertThat(refused).singleElement().asString().contains(complaint);
        assertThat(renewed).isEmpty();
        assertThatThrownBy(context::reload).isInstanceOf(IOException.class).hasMessageContaining(complaint);
        assertThat(shown(first, client)).isEqualTo(certificate(first));
        assertThat(refused).hasSize(1);
    }

    @Test
    void shouldTakeASetAsSoonAsItIsWhole() throws Exception {
        replace(second.certificate, "cert.pem");
        assertThat(shown(first, client)).isEqualTo(certificate(first));
        replace(second.key, "key.pem");

        assertThat(shown(second, client)).isEqualTo(certificate(second));
    }

    @Test
    void shouldReadNothingWhileNothingHasChanged() throws Exception {
        SSLContext before = context.get();
        Files.setLastModifiedTime(file("cert.pem"), FileTime.from(Instant.EPOCH));

        assertThat(context.get()).isSameAs(before);
        assertThat(renewed).isEmpty();
    }

    @Test
    void shouldReadAgainWhatHasNotChangedWhenItIsTold() throws Exception {
        SSLContext before = context.get();

        assertThat(context.reload()).isEqualTo(certificate(first));

        assertThat(context.get()).isNotSameAs(before);
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private void copy(Path source, String name) throws IOException {
        Files.copy(source, file(name));
    }

    private void replace(Path source, String name) throws IOException {
        Path draft = Files.copy(source, file(name + ".new"));
        Files.move(draft, file(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** What the server shows to a client that has the certificate of {@code own}. */
    private Certificate shown(TestCertificates trusted, TestCertificates own) throws Exception {
        try (TestClient connected = connect(trusted, own)) {
            connected.option(3, new byte[0]);
            connected.readOptionReply();
            return lastShown;
        }
    }

    private Certificate lastShown;

    private TestClient connect(TestCertificates trusted, TestCertificates own) throws Exception {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        TestClient plain = new TestClient(socket).greet(3);
        plain.option(STARTTLS, new byte[0]);
        assertThat(plain.readOptionReply().type()).isEqualTo(1);
        SSLSocket secure =
                (SSLSocket) own.contextTrusting(trusted).getSocketFactory().createSocket(socket, "localhost", 0, true);
        secure.startHandshake();
        lastShown = secure.getSession().getPeerCertificates()[0];
        return new TestClient(secure);
    }

    private static Certificate certificate(TestCertificates of) throws Exception {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(of.certificate)));
    }
}
