package io.ramzswap.attach.listen;

import io.ramzswap.nbd.tls.RenewedContext;
import java.io.IOException;
import java.security.cert.X509Certificate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells in the log what became of certificate files that changed. */
final class TlsNews implements RenewedContext.News {
    private static final Logger LOG = LoggerFactory.getLogger(TlsNews.class);

    @Override
    public void renewed(X509Certificate certificate) {
        LOG.info("{}", line(certificate));
    }

    @Override
    public void refused(IOException why) {
        LOG.warn("TLS goes on with the certificate it has; the new files cannot be used: {}", why.getMessage());
    }

    /** Which certificate new clients are shown. */
    static String line(X509Certificate certificate) {
        return "new TLS clients are shown the certificate of " + certificate.getSubjectX500Principal() + ", good until "
                + certificate.getNotAfter().toInstant();
    }
}
