package io.ramzswap.nbd.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates and keys from the PEM files that other servers use too. */
public final class PemFiles {
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN (?<old>RSA )?PRIVATE KEY-----(?<key>[A-Za-z0-9+/=\\s]+)-----END");
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    private static final char[] NO_PASSWORD = {};

    private PemFiles() {}

    /**
     * Reads what a server needs.
     *
     * @param certificates the server's certificate, then those that vouch for it
     * @param key its private key, not encrypted: PKCS #8, or for RSA also PKCS #1
     * @param clientAuthorities whose clients are trusted, where clients have to show a certificate
     * @throws IOException with the file and what is wrong with it
     */
    public static SSLContext load(Path certificates, Path key, Optional<Path> clientAuthorities) throws IOException {
        try {
            final KeyStore own = emptyStore();
            own.setKeyEntry(
                    "server",
                    privateKey(key),
                    NO_PASSWORD,
                    certificates(certificates).toArray(Certificate[]::new));
            final KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, NO_PASSWORD);
            final TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted(clientAuthorities));
            final SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use " + certificates + " with " + key + ": " + e.getMessage(), e);
        }
    }

    private static KeyStore trusted(Optional<Path> authorities) throws IOException, GeneralSecurityException {
        final KeyStore store = emptyStore();
        if (authorities.isPresent()) {
            int number = 0;
            for (Certificate certificate : certificates(authorities.get())) {
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

    private static List<Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        requireRegular(file);
        try (InputStream in = Files.newInputStream(file)) {
            final List<Certificate> found =
                    new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(in));
            if (found.isEmpty()) {
                throw new IOException(file + " holds no certificate");
            }
            return found;
        }
    }

    /** A FIFO would be waited for. */
    private static void requireRegular(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException(file + " is no regular file");
        }
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        requireRegular(file);
        // Words before the key may be of any character set; in this one nothing is malformed.
        final Matcher matcher = PRIVATE_KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
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
