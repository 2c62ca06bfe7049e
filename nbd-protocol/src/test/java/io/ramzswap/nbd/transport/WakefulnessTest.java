package io.ramzswap.nbd.transport;

import static io.ramzswap.nbd.ToldLatencies.NO_LIMIT;
import static io.ramzswap.nbd.ToldLatencies.WANTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.ToldLatencies;
import io.ramzswap.nbd.libc.Libc;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WakefulnessTest {
    private static final Libc LIBC = Libc.system();

    private static final long SHORT = Wakefulness.SHORT_NANOS;
    private static final long LONG = SHORT + 1;

    @TempDir
    Path directory;

    private final int socket = LIBC.socket(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0);
    private ToldLatencies told;
    private CpuLatency latency;
    private Wakefulness wakefulness;

    @BeforeEach
    void open() throws IOException {
        told = ToldLatencies.in(directory);
        latency = told.open();
        wakefulness = new Wakefulness(LIBC, socket, latency);
    }

    @AfterEach
    void close() {
        latency.close();
        LIBC.close(socket);
    }

    private void waits(long nanos, int times) {
        for (int i = 0; i < times; i++) {
            wakefulness.waited(nanos);
        }
    }

    @Test
    void shouldWantItAfterManyShortWaits() throws IOException {
        waits(SHORT, Wakefulness.ENOUGH - 1);
        assertThat(told.all()).isEmpty();
        waits(SHORT, 1);
        assertThat(told.all()).containsExactly(WANTED);
        waits(SHORT, 1000);
        assertThat(told.all()).containsExactly(WANTED);
    }

    @Test
    void shouldNotWantItWhereEveryEighthWaitIsLong() throws IOException {
        for (int i = 0; i < 1000; i++) {
            waits(SHORT, Wakefulness.LONG_WEIGHS - 1);
            waits(LONG, 1);
        }
        assertThat(told.all()).isEmpty();
    }

    @Test
    void shouldLetItGoAfterLongWaits() throws IOException {
        waits(SHORT, Wakefulness.ENOUGH);
        waits(LONG, Wakefulness.ENOUGH / Wakefulness.LONG_WEIGHS - 1);
        assertThat(told.last()).isEqualTo(WANTED);
        waits(LONG, 1);
        assertThat(told.last()).isEqualTo(NO_LIMIT);
    }

    @Test
    void shouldKeepItWhereALongWaitIsRare() throws IOException {
        waits(SHORT, Wakefulness.ENOUGH);
        for (int i = 0; i < 1000; i++) {
            waits(LONG, 1);
            waits(SHORT, Wakefulness.LONG_WEIGHS);
        }
        assertThat(told.all()).containsExactly(WANTED);
    }

    @Test
    void shouldLetItGoInSilenceAndWantItAnew() throws IOException {
        waits(SHORT, Wakefulness.ENOUGH);
        wakefulness.fallSilent();
        wakefulness.fallSilent();
        assertThat(told.all()).containsExactly(WANTED, NO_LIMIT);
        waits(SHORT, Wakefulness.ENOUGH);
        assertThat(told.all()).containsExactly(WANTED, NO_LIMIT, WANTED);
    }

    @Test
    void shouldNotWantWhatItWouldNotLetGoInTime() throws IOException {
        final Wakefulness ofNoSocket = new Wakefulness(LIBC, -1, latency);
        for (int i = 0; i < 2 * Wakefulness.ENOUGH; i++) {
            ofNoSocket.waited(SHORT);
        }
        assertThat(told.all()).isEmpty();
    }
}
