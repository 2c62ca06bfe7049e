package io.ramzswap.nbd.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * A context made of files that are replaced now and then, as when a certificate is renewed. Whoever asks for it gets what is in
 * the files now. Files that cannot be used, or do not belong together, are left alone until they change again; what was read
 * before serves on.
 *
 * <p>Asking costs a stat for each file. Thread-safe; threads that ask while the files are read wait for that.
 */
public final class RenewedContext implements Supplier<SSLContext> {
    private final PemFiles files;
    private final News news;

    private SSLContext context;
    /** The stamps of the files when they were last read. */
    private List<FileStamp> seen;
    /** The contents of the files at that time, usable or not. */
    private List<ByteBuffer> tried;

    /** Hears what became of files that changed. Called by a thread that shakes hands. */
    public interface News {
        /** New handshakes show this certificate. */
        void renewed(X509Certificate certificate);

        /** The files cannot be used. The message names the file and what is wrong with it. */
        void refused(IOException why);
    }

    private RenewedContext(PemFiles files, News news) {
        this.files = files;
        this.news = news;
    }

    /**
     * Reads the files.
     *
     * @throws IOException with the file and what is wrong with it
     */
    public static RenewedContext of(PemFiles files, News news) throws IOException {
        final RenewedContext context = new RenewedContext(files, news);
        context.reload();
        return context;
    }

    /**
     * Reads the files again, changed or not. Returns the server's certificate.
     *
     * @throws IOException with the file and what is wrong with it; then nothing has changed
     */
    public synchronized X509Certificate reload() throws IOException {
        // Set even if the files are of no use: the caller is told now, and nobody needs to hear it twice.
        seen = files.stamps();
        tried = files.read();
        final PemFiles.Identity identity = files.identity(tried);
        context = identity.context();
        return identity.certificate();
    }

    @Override
    public synchronized SSLContext get() {
        final List<FileStamp> stamps = files.stamps();
        if (!stamps.equals(seen) || stamps.stream().anyMatch(FileStamp::isYoung)) {
            look(stamps);
        }
        return context;
    }

    private void look(List<FileStamp> stamps) {
        try {
            final List<ByteBuffer> contents = files.read();
            // Else they are being replaced at this moment, and the next handshake finds them whole.
            if (stamps.equals(files.stamps())) {
                seen = stamps;
                use(contents);
            }
        } catch (IOException e) {
            if (!stamps.equals(seen)) {
                seen = stamps;
                news.refused(e);
            }
        }
    }

    private void use(List<ByteBuffer> contents) {
        if (contents.equals(tried)) {
            return;
        }
        tried = contents;
        try {
            final PemFiles.Identity identity = files.identity(contents);
            context = identity.context();
            news.renewed(identity.certificate());
        } catch (IOException e) {
            news.refused(e);
        }
    }
}
