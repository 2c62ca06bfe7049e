package io.ramzswap.nbd.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Certificates for localhost, made with the JDK's keytool; one for each algorithm asked for. */
public final class TestCertificates {
    private static final char[] PASSWORD = "changeit".toCharArray();

    public final Path certificate;
    public final Path key;

    public TestCertificates(Path directory, String name, String algorithm) throws Exception {
        final Path store = directory.resolve(name + ".p12");
        final Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "x",
                        "-keyalg",
                        algorithm,
                        "-keysize",
                        algorithm.equals("RSA") ? "2048" : "256",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-ext",
                        "bc=ca:true",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        final String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + output);
        }
        final KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        certificate = pem(
                directory.resolve(name + "-cert.pem"),
                "CERTIFICATE",
                keys.getCertificate("x").getEncoded());
        key = pem(
                directory.resolve(name + "-key.pem"),
                "PRIVATE KEY",
                keys.getKey("x", PASSWORD).getEncoded());
    }

    /** A client's context that trusts {@code server} and shows this certificate. */
    public SSLContext contextTrusting(TestCertificates server) throws IOException, GeneralSecurityException {
        return PemFiles.load(certificate, key, Optional.of(server.certificate));
    }

    private static Path pem(Path file, String kind, byte[] encoded) throws IOException {
        final String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return Files.writeString(file, "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
    }
}
