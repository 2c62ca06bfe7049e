package io.ramzswap.shortage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With files in procfs' place. */
@Timeout(60)
class ShortageWatchTest {
    private static final String OURS = "/dev/nbd0";
    private static final String HEADING = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
    private static final String OUR_AREA = OURS + " partition 262140 200000 100\n";

    private final AtomicLong refused = new AtomicLong();
    private final ShortageWatch.Devices devices = new ShortageWatch.Devices() {
        @Override
        public long refusedWrites() {
            return refused.get();
        }

        @Override
        public boolean isServed(String name) {
            return name.equals(OURS);
        }
    };

    @TempDir
    private Path proc;

    private ShortageWatch watch;
    private ShortageWatch.Look look;

    @BeforeEach
    void open() throws IOException {
        memory(480_000, 10_000);
        swaps(OUR_AREA);
        Files.createFile(proc.resolve("sysrq-trigger"));
        watch = ShortageWatch.open(proc, Thread::new).orElseThrow();
        look = watch.look(devices);
    }

    @AfterEach
    void close() {
        watch.close();
    }

    private void memory(long totalKilobytes, long availableKilobytes) throws IOException {
        Files.writeString(
                proc.resolve("meminfo"),
                "MemTotal:       %d kB%nMemFree:        2000 kB%nMemAvailable:   %d kB%n"
                        .formatted(totalKilobytes, availableKilobytes));
    }

    private void swaps(String areas) throws IOException {
        Files.writeString(proc.resolve("swaps"), HEADING + areas);
    }

    private void refuse(int looks) {
        for (int i = 0; i < looks; i++) {
            refused.addAndGet(3);
            look.take();
        }
    }

    private void refuseNone(int looks) {
        for (int i = 0; i < looks; i++) {
            look.take();
        }
    }

    private String called() throws IOException {
        return Files.readString(proc.resolve("sysrq-trigger"));
    }

    @Test
    void shouldEndAProgramWhenWritesAreRefusedTimeAndAgain() throws IOException {
        refuse(7);
        assertThat(called()).isEmpty();
        refuse(1);
        assertThat(called()).isEqualTo("f");
    }

    @Test
    void shouldWaitAsLongBeforeItEndsAnother() throws IOException {
        refuse(15);
        assertThat(called()).isEqualTo("f");
        refuse(1);
        assertThat(called()).isEqualTo("ff");
    }

    @Test
    void shouldEndNoneForWritesThatAreRefusedNowAndThen() throws IOException {
        for (int i = 0; i < 20; i++) {
            refuse(2);
            refuseNone(1);
        }
        assertThat(called()).isEmpty();
    }

    @Test
    void shouldCountAPauseOfALookAsTheSameStandstill() throws IOException {
        refuse(4);
        refuseNone(1);
        refuse(4);
        assertThat(called()).isEqualTo("f");
    }

    @Test
    void shouldNotCountWhatWasRefusedBefore() throws IOException {
        refused.set(1000);
        look = watch.look(devices);
        refuseNone(20);
        assertThat(called()).isEmpty();
    }

    @Test
    void shouldEndNoneWhereTheHostHasMemoryAndDoSoOnceItHasNot() throws IOException {
        memory(480_000, 24_000);
        refuse(20);
        assertThat(called()).isEmpty();
        memory(480_000, 23_999);
        refuse(1);
        assertThat(called()).isEqualTo("f");
    }

    @Test
    void shouldEndNoneWhereAnotherSwapAreaHasRoom() throws IOException {
        swaps(OUR_AREA + "/dev/sda2 partition 1048576 1047000 -2\n");
        refuse(20);
        assertThat(called()).isEmpty();
        swaps(OUR_AREA + "/dev/sda2 partition 1048576 1048000 -2\n");
        refuse(1);
        assertThat(called()).isEqualTo("f");
    }

    @Test
    void shouldEndNoneWhereTheDeviceIsNoSwap() throws IOException {
        swaps("/dev/sda2 partition 1048576 1048576 -2\n");
        refuse(20);
        assertThat(called()).isEmpty();
    }

    @Test
    void shouldGoOnAfterAFailure() throws IOException {
        Files.writeString(proc.resolve("meminfo"), "");
        refuse(20);
        assertThat(called()).isEmpty();
        memory(480_000, 10_000);
        refuse(1);
        assertThat(called()).isEqualTo("f");
    }

    @Test
    void shouldWatchByItselfUntilItIsClosed() throws Exception {
        watch.begin(devices);
        while (called().isEmpty()) {
            refused.incrementAndGet();
            Thread.sleep(10);
        }
        assertThat(called()).isEqualTo("f");
    }

    @Test
    void shouldDoWithoutWhereTheKillerCannotBeCalled() throws IOException {
        Files.delete(proc.resolve("sysrq-trigger"));
        Files.createDirectory(proc.resolve("sysrq-trigger"));
        assertThat(ShortageWatch.open(proc, Thread::new)).isEqualTo(Optional.empty());
    }
}
