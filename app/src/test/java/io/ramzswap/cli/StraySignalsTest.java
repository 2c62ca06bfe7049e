package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.libc.Libc;
import io.ramzswap.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Signals to the real daemon, in a process of its own, that holds pages of a client. */
@Timeout(120)
class StraySignalsTest {
    private static final int SIGINT = 2;
    private static final int SIGKILL = 9;
    private static final int SIGUSR1 = 10;
    private static final int SIGTERM = 15;
    private static final int SIGSTOP = 19;
    private static final int SIGXCPU = 24;
    private static final boolean IS_AARCH64 = System.getProperty("os.arch").equals("aarch64");
    private static final long KILL = IS_AARCH64 ? 129 : 62;
    private static final long TGKILL = IS_AARCH64 ? 131 : 234;
    private static final int PAGE = 4096;

    @TempDir
    private Path directory;

    private DaemonProcess daemon;
    private NbdClient client;
    private final byte[] page = new byte[PAGE];

    @BeforeEach
    void start() throws IOException {
        daemon = DaemonProcess.start(List.of(), "--listen", "unix:" + directory.resolve("s"), "--disksize", "1M");
        daemon.awaitLog("serving on unix:" + directory.resolve("s"));
        new Random(1).nextBytes(page);
        client = new NbdClient(directory.resolve("s"));
        assertThat(client.write(0, page)).isZero();
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        client.close();
        daemon.kill();
    }

    @Test
    void shouldOutliveEverySignalToTheProcess() throws Exception {
        strays().forEach(signal -> send(KILL, daemon.pid(), signal, 0));

        assertServes();
    }

    @Test
    void shouldOutliveEverySignalToEachOfItsThreads() throws Exception {
        for (long thread : daemon.threads()) {
            strays().forEach(signal -> sendToThread(thread, signal));
        }

        assertServes();
    }

    @Test
    void shouldSayWhichSignalItIgnoresAndWhoSentIt() throws Exception {
        send(KILL, daemon.pid(), SIGUSR1, 0);

        daemon.awaitLog("WARN: SIGUSR1 of process " + ProcessHandle.current().pid() + " (java), user "
                + Files.getAttribute(Path.of("/proc/self"), "unix:uid") + " is ignored: SIGTERM stops the daemon");
    }

    @Test
    void shouldSayLittleOfSignalsThatComeAllTheTime() throws Exception {
        for (int i = 0; i < 100; i++) {
            send(KILL, daemon.pid(), SIGXCPU, 0);
            assertServes();
        }
        client.close();
        daemon.terminate();

        assertThat(daemon.restOfLog().filter(line -> line.contains("SIGXCPU"))).hasSizeBetween(1, 19);
    }

    @Test
    void shouldHaveNoLimitOfProcessorTime() throws IOException, InterruptedException {
        DaemonProcess limited = DaemonProcess.start(
                List.of("prlimit", "--cpu=600:unlimited", "--rttime=600000000:unlimited"),
                "--listen",
                "unix:" + directory.resolve("limited"),
                "--disksize",
                "1M");
        limited.awaitLog("serving on unix:" + directory.resolve("limited"));

        assertThat(Files.readAllLines(Path.of("/proc", Long.toString(limited.pid()), "limits")))
                .filteredOn(line -> line.startsWith("Max cpu time") || line.startsWith("Max realtime timeout"))
                .hasSize(2)
                .allMatch(line -> line.matches("[^0-9]* unlimited .*"));
        limited.kill();
    }

    @Test
    void shouldStartOthersWithoutHoldingOffSignals() throws Exception {
        // The daemon's way to start a program, seen in this process.
        Process child = ChildProcess.start(new ProcessBuilder("cat", "/proc/self/status"));

        assertThat(child.inputReader().lines())
                .filteredOn(line -> line.startsWith("SigBlk:"))
                .containsExactly("SigBlk:\t0000000000000000");
    }

    @Test
    void shouldStillStopWhenItIsTold() throws Exception {
        client.close();
        daemon.terminate();

        assertThat(daemon.waitFor()).isZero();
    }

    /** SIGTERM and SIGINT are no strays; nothing can be done about SIGKILL and SIGSTOP. */
    private static IntStream strays() {
        return IntStream.rangeClosed(1, 64)
                .filter(signal -> signal != SIGTERM && signal != SIGINT && signal != SIGKILL && signal != SIGSTOP)
                // Faults are told from signals by a filter for x86-64 alone.
                .filter(signal -> !IS_AARCH64 || !List.of(4, 7, 8, 11).contains(signal));
    }

    /** Or the thread has ended meanwhile. */
    private void sendToThread(long thread, int signal) {
        if (Libc.system().syscall(TGKILL, daemon.pid(), thread, signal, 0, 0, 0) != 0) {
            assertThat(Path.of("/proc", Long.toString(daemon.pid()), "task"))
                    .isNotEmptyDirectory()
                    .isDirectoryNotContaining(task -> task.endsWith(Long.toString(thread)));
        }
    }

    private static void send(long call, long first, long second, long third) {
        assertThat(Libc.system().syscall(call, first, second, third, 0, 0, 0))
                .as("signal to %d, %d, %d", first, second, third)
                .isZero();
    }

    private void assertServes() throws IOException {
        assertThat(daemon.isAlive()).isTrue();
        assertThat(client.read(0, PAGE)).isEqualTo(page);
    }
}
