package io.ramzswap.nbd.tls;

import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * The TLS options of a server. Source: NBD protocol document, "TLS support".
 *
 * @param contexts gives each connection the server's key and certificate, and whom it trusts
 * @param required whether clients have to start TLS before they are told anything (FORCEDTLS); otherwise they may
 *     (SELECTIVETLS with no export kept back)
 * @param clientCertificate whether clients have to show a certificate that the context trusts
 */
public record TlsOptions(Supplier<SSLContext> contexts, boolean required, boolean clientCertificate) {
    /** The same for all connections. */
    public TlsOptions(SSLContext context, boolean required, boolean clientCertificate) {
        this(() -> context, required, clientCertificate);
    }

    /** The server's side of a connection. */
    public SSLEngine newEngine() {
        final SSLEngine engine = contexts.get().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(clientCertificate);
        engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        return engine;
    }
}
