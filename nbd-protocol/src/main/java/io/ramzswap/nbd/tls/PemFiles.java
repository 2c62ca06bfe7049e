package io.ramzswap.nbd.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Certificates and keys from the PEM files that other servers use too.
 *
 * @param certificates the server's certificate, then those that vouch for it
 * @param key its private key, not encrypted: PKCS #8, or for RSA also PKCS #1
 * @param clientAuthorities whose clients are trusted, where clients have to show a certificate
 */
public record PemFiles(Path certificates, Path key, Optional<Path> clientAuthorities) {
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN (?<old>RSA )?PRIVATE KEY-----(?<key>[A-Za-z0-9+/=\\s]+)-----END");
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    private static final char[] NO_PASSWORD = {};
    private static final byte[] SIGNED = {'r', 'a', 'm', 'z', 's', 'w', 'a', 'p'};

    /**
     * The key and certificate of a server, and the authorities that it trusts.
     *
     * @param certificate the server's own
     */
    record Identity(SSLContext context, X509Certificate certificate) {}

    /**
     * Reads what a server needs.
     *
     * @throws IOException with the file and what is wrong with it
     */
    public static SSLContext load(Path certificates, Path key, Optional<Path> clientAuthorities) throws IOException {
        final PemFiles files = new PemFiles(certificates, key, clientAuthorities);
        return files.identity(files.read()).context();
    }

    private List<Path> all() {
        return Stream.concat(Stream.of(certificates, key), clientAuthorities.stream())
                .toList();
    }

    /** The bytes of each file, which can be compared with those of another time. */
    List<ByteBuffer> read() throws IOException {
        final List<ByteBuffer> contents = new ArrayList<>();
        for (Path file : all()) {
            requireRegular(file);
            contents.add(ByteBuffer.wrap(Files.readAllBytes(file)));
        }
        return contents;
    }

    /** A FIFO would be waited for. */
    private static void requireRegular(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException(file + " is no regular file");
        }
    }

    /** The stamps that tell each file from an earlier version, without reading it. */
    List<FileStamp> stamps() {
        return all().stream().map(FileStamp::of).toList();
    }

    /**
     * Makes sense of the files.
     *
     * @param contents as {@link #read}
     * @throws IOException with the file and what is wrong with it
     */
    Identity identity(List<ByteBuffer> contents) throws IOException {
        try {
            final List<Certificate> chain = certificates(certificates, contents.get(0));
            final PrivateKey own = privateKey(key, contents.get(1));
            if (!fits(own, chain.get(0).getPublicKey())) {
                throw new IOException(key + " is not the key of the first certificate in " + certificates);
            }
            final KeyStore store = emptyStore();
            store.setKeyEntry("server", own, NO_PASSWORD, chain.toArray(Certificate[]::new));
            final KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            final TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted(contents));
            final SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return new Identity(context, (X509Certificate) chain.get(0));
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use " + certificates + " with " + key + ": " + e.getMessage(), e);
        }
    }

    private KeyStore trusted(List<ByteBuffer> contents) throws IOException, GeneralSecurityException {
        final KeyStore store = emptyStore();
        if (clientAuthorities.isPresent()) {
            int number = 0;
            for (Certificate certificate : certificates(clientAuthorities.get(), contents.get(2))) {
                store.setCertificateEntry("authority" + number++, certificate);
            }
        }
        return store;
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static List<Certificate> certificates(Path file, ByteBuffer content)
            throws IOException, GeneralSecurityException {
        try {
            final List<Certificate> found = new ArrayList<>(CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(bytes(content))));
            if (!found.isEmpty()) {
                return found;
            }
        } catch (CertificateException e) {
            throw new IOException(file + " holds a certificate that is damaged: " + e.getMessage(), e);
        }
        throw new IOException(file + " holds no certificate");
    }

    private static byte[] bytes(ByteBuffer content) {
        final byte[] bytes = new byte[content.remaining()];
        content.get(content.position(), bytes);
        return bytes;
    }

    /** Whether what the key signs is good for the certificate. */
    private static boolean fits(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        final Signature signature = Signature.getInstance(
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "EdDSA";
                });
        signature.initSign(key);
        signature.update(SIGNED);
        final byte[] signed = signature.sign();
        try {
            signature.initVerify(certified);
            signature.update(SIGNED);
            return signature.verify(signed);
        } catch (InvalidKeyException | SignatureException e) {
            // Of another kind, or another length.
            return false;
        }
    }

    private static PrivateKey privateKey(Path file, ByteBuffer content) throws IOException, GeneralSecurityException {
        // Words before the key may be of any character set; in this one nothing is malformed.
        final Matcher matcher = PRIVATE_KEY.matcher(new String(bytes(content), StandardCharsets.ISO_8859_1));
        if (!matcher.find()) {
            throw new IOException(file + " holds no unencrypted PKCS #8 private key (BEGIN PRIVATE KEY);"
                    + " convert it: openssl pkcs8 -topk8 -nocrypt");
        }
        final byte[] decoded = decode(file, matcher.group("key"));
        final byte[] encoded = matcher.group("old") == null ? decoded : RsaKeyFormat.toPkcs8(decoded);
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException e) {
                // Of another kind; the next may know it.
            }
        }
        throw new IOException(file + " holds a private key of an unknown kind; " + KEY_ALGORITHMS + " are known");
    }

    private static byte[] decode(Path file, String key) throws IOException {
        try {
            return Base64.getMimeDecoder().decode(key);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " holds a private key that is damaged: " + e.getMessage(), e);
        }
    }
}
