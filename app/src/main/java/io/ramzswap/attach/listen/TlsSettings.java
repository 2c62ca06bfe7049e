package io.ramzswap.attach.listen;

import io.ramzswap.nbd.tls.PemFiles;
import io.ramzswap.nbd.tls.RenewedContext;
import io.ramzswap.nbd.tls.TlsOptions;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * TLS as a user asks for it; the file names are those that other NBD servers look for.
 *
 * @param required whether clients have to start it; otherwise they may
 * @param certificates the directory of ca-cert.pem, server-cert.pem and server-key.pem
 * @param verifyPeer whether clients have to show a certificate signed by one of ca-cert.pem
 */
public record TlsSettings(boolean required, Path certificates, boolean verifyPeer) {
    /**
     * Reads the files, now and whenever they have changed.
     *
     * @throws OperationException if they cannot be used
     */
    RenewedContext open(RenewedContext.News news) throws OperationException {
        Path authorities = certificates.resolve("ca-cert.pem");
        Path certificate = certificates.resolve("server-cert.pem");
        Path key = certificates.resolve("server-key.pem");
        requireFiles(verifyPeer ? List.of(certificate, key, authorities) : List.of(certificate, key));
        try {
            return RenewedContext.of(
                    new PemFiles(certificate, key, verifyPeer ? Optional.of(authorities) : Optional.empty()), news);
        } catch (IOException e) {
            throw new OperationException(Refusal.INVALID_VALUE, "TLS cannot be had: " + e.getMessage(), e);
        }
    }

    /** Returns the options of a server that uses them. */
    TlsOptions options(RenewedContext context) {
        return new TlsOptions(context, required, verifyPeer);
    }

    private static void requireFiles(List<Path> files) throws OperationException {
        for (Path file : files) {
            if (Files.exists(file) && !Files.isReadable(file)) {
                throw new OperationException(
                        Refusal.NOT_PERMITTED, "TLS needs the file " + file + ", which this user may not read");
            }
            if (!Files.isReadable(file)) {
                throw new OperationException(
                        Refusal.INVALID_VALUE, "TLS needs the file " + file + ", which is not there or not readable");
            }
        }
    }
}
