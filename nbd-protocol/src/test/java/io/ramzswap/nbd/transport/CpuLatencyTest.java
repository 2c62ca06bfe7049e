package io.ramzswap.nbd.transport;

import static io.ramzswap.nbd.ToldLatencies.NO_LIMIT;
import static io.ramzswap.nbd.ToldLatencies.WANTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.nbd.ToldLatencies;
import io.ramzswap.nbd.libc.LibcException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CpuLatencyTest {
    private static final int TURNS = 20_000;
    private static final int MOST_LOOKS = 10_000;

    @TempDir
    Path directory;

    private ToldLatencies told;

    @BeforeEach
    void createFile() throws IOException {
        told = ToldLatencies.in(directory);
    }

    @Test
    void shouldAskForTheFirstThatWantsItAndNoMoreAfterTheLast() throws IOException {
        try (CpuLatency latency = told.open()) {
            assertThat(told.all()).isEmpty();
            latency.want();
            latency.want();
            assertThat(told.all()).containsExactly(WANTED);
            latency.letGo();
            assertThat(told.all()).containsExactly(WANTED);
            assertThat(latency.timesAsked()).isEqualTo(1);
            latency.letGo();
            assertThat(told.all()).containsExactly(WANTED, NO_LIMIT);
            latency.want();
            assertThat(latency.timesAsked()).isEqualTo(2);
            assertThat(latency.micros()).hasValue(WANTED);
        }
    }

    /** In every turn one of two threads begins to want it while the other lets it go; so somebody always does. */
    @Test
    void shouldEndAsItIsWantedWhenTwoChangeItAtOnce() throws Exception {
        final AtomicInteger arrived = new AtomicInteger();
        final AtomicInteger wrong = new AtomicInteger();
        try (CpuLatency latency = told.open()) {
            latency.want();
            final Thread other = new Thread(() -> {
                for (int turn = 1; turn <= TURNS; turn++) {
                    change(latency, turn % 2 == 0);
                    meet(arrived);
                    meet(arrived);
                }
            });
            other.start();
            for (int turn = 1; turn <= TURNS; turn++) {
                change(latency, turn % 2 == 1);
                meet(arrived);
                wrong.addAndGet(told.last() == WANTED ? 0 : 1);
                meet(arrived);
            }
            other.join();
        }
        assertThat(wrong).hasValue(0);
    }

    private static void change(CpuLatency latency, boolean end) {
        if (end) {
            latency.letGo();
        } else {
            latency.want();
        }
    }

    /** Waits for the other thread without sleeping, where there are processors for both, so that they go on at the same moment. */
    private static void meet(AtomicInteger arrived) {
        final int last = arrived.getAndIncrement() / 2 * 2 + 1;
        int looks = 0;
        while (arrived.get() <= last) {
            looks++;
            if (looks < MOST_LOOKS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(1000);
            }
        }
    }

    @Test
    void shouldSayWhyItCannotAsk() {
        final Path absent = directory.resolve("absent");
        assertThatThrownBy(() -> CpuLatency.open(absent, 0))
                .isInstanceOf(LibcException.class)
                .hasMessage(absent + ": No such file or directory");
    }

    @Test
    void shouldRefuseLessThanNothing() {
        assertThatThrownBy(() -> CpuLatency.open(told.file(), -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
