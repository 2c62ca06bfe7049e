package io.ramzswap.nbd.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.transport.Transport;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTransportTest {
    private static final int ALERT = 21;
    private static final int FATAL = 2;
    private static final int CLOSE_NOTIFY = 0;

    @TempDir
    static Path directory;

    private static TlsOptions options;

    private final PlayedTransport played = new PlayedTransport();
    private final TlsTransport transport = new TlsTransport(played, options.newEngine());

    @BeforeAll
    static void makeCertificate() throws Exception {
        final TestCertificates keys = new TestCertificates(directory, "server", "EC");
        options = new TlsOptions(PemFiles.load(keys.certificate, keys.key, Optional.empty()), true, false);
    }

    @Test
    void shouldSendAnAlertAndLetTheClientGoFirst() {
        played.chunks = 5;
        assertThat(transport.handshake()).isFalse();
        assertThat(played.written.toByteArray()).startsWith(ALERT, 3, 3, 0, 2, FATAL);
        assertThat(played.chunks).as("left unread").isZero();
        assertThat(played.limited).isTrue();

        final int length = played.written.size();
        transport.close();
        assertThat(played.written.size()).as("nothing follows an alert").isEqualTo(length);
    }

    @Test
    void shouldSayFarewellToAClientThatSaidNothing() {
        assertThat(transport.handshake()).isFalse();
        assertThat(played.written.size()).isZero();
        transport.close();
        assertThat(played.written.toByteArray()).startsWith(ALERT).endsWith((byte) CLOSE_NOTIFY);
        assertThat(played.limited).isTrue();
    }

    @Test
    void shouldSayNothingMoreToAClientThatCannotBeReached() {
        played.chunks = 2;
        played.broken = true;
        assertThat(transport.handshake()).isFalse();
        assertThat(played.chunks).isOne();
        transport.close();
        assertThat(played.written.size()).isZero();
    }

    /** Some chunks of what is no TLS, then the end. */
    private static final class PlayedTransport implements Transport {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private int chunks;
        private boolean broken;
        private boolean limited;

        @Override
        public int read(ByteBuffer buffer, int position, int length) {
            if (chunks == 0) {
                return ENDED;
            }
            chunks--;
            return 100;
        }

        @Override
        public boolean write(ByteBuffer buffer, int position, int length) {
            for (int i = 0; i < (broken ? 0 : length); i++) {
                written.write(buffer.get(position + i));
            }
            return !broken;
        }

        @Override
        public void deadlineAfter(long millis) {
            limited |= millis > 0;
        }

        @Override
        public void shutdown() {}

        @Override
        public void close() {}
    }
}
