package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is printed. What a terminal shows is seen by scripts/test top. */
class TopCommandTest {
    private static final String HEADING = "ramzswap [0-2][0-9]:[0-5][0-9]:[0-5][0-9]\n";

    @TempDir
    private Path directory;

    private Tree tree;
    private PlayedDaemon daemon;

    @BeforeEach
    void start() throws IOException {
        tree = new Tree(directory.resolve("root"))
                .file("/proc/meminfo", "MemTotal:        1048576 kB\nMemAvailable:     262144 kB\n")
                .file(
                        "/proc/pressure/memory",
                        "some avg10=1.50 avg60=0.00 avg300=0.00 total=1\nfull avg10=0.25 avg60=0 total=0\n")
                .file(
                        "/sys/block/nbd0/stat",
                        "     10        0       80        5       20        0      160       40 0 0 0\n");
        daemon = new PlayedDaemon(directory, "/dev/nbd0", "rz0");
        daemon.rzscontrol("/dev/nbd0", "--init", "-d", "65536");
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void shouldPrintOneLookWithoutRates() {
        Run run = top("--once");

        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out().replaceFirst(HEADING, "").replaceFirst("daemon .*", "daemon X"))
                .isEqualTo("""
                        memory   1G total, 256M available       pressure  some 1.50 %  full 0.25 %
                        held     28K in 14B of memory           saved  28K  ratio 2048.86  daemon X

                        DEVICE         SIZE     DATA    TOTAL  RATIO   READ/s  WRITE/s ms/READ ms/WRITE
                        /dev/nbd0       64M      28K      14B 2048.86        -        -       -        -
                        [....................]   0 % full, same-filled 28K, incompressible 9 %, freed -

                        /dev/nbd0: 3 reads failed, 4 writes refused
                        """);
    }

    @Test
    void shouldPrintLookAfterLookWithRates() {
        Run run = top("--batch", "--iterations=2", "--interval=0.1");

        assertThat(run.status()).isZero();
        assertThat(run.out().split(HEADING, -1)).hasSize(3);
        assertThat(run.out().split(HEADING, -1)[2])
                .contains("/dev/nbd0       64M      28K      14B 2048.86       0B       0B       -        -\n")
                .contains(", freed 0B\n");
    }

    @Test
    void shouldNotTakeOverWhatIsNoTerminal() {
        Run run = top("-n1");

        assertThat(run.status()).isZero();
        assertThat(run.out()).matches("(?s)" + HEADING + "memory.*").doesNotContain("\u001b");
    }

    @Test
    void shouldShowWhatThereIsOnAHostThatTellsLittle() {
        Run run = daemon.rzscontrol("top", "-1", "--root=" + directory.resolve("nowhere"));

        assertThat(run.out()).contains("memory   - total, - available           pressure  some -  full -\n");
    }

    @Test
    void shouldSayThatThereIsNoDaemon() {
        daemon.close();

        assertThat(top("--batch"))
                .isEqualTo(Run.failed(
                        3,
                        "rzscontrol: no daemon at " + daemon.socket()
                                + ": start ramzswapd, or name its socket with --control"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--interval 0|Invalid value for option '--interval': '0' is not a number of seconds from 0.1 to 3600",
                "--interval=-1|Expected parameter for option '--interval' but found '-1'",
                "--interval 3601|Invalid value for option '--interval': '3601' is not a number of seconds from 0.1 to 3600",
                "--interval 1e3|Invalid value for option '--interval': '1e3' is not a number of seconds from 0.1 to 3600",
                "--interval 99999999999|Invalid value for option '--interval': '99999999999' is not a number of seconds from"
                        + " 0.1 to 3600",
                "-n 0|--iterations takes a whole number above 0, not 0",
                "-n x|Invalid value for option '--iterations': 'x' is not an int",
                "--once --batch|--batch, --once are mutually exclusive (specify only one)",
                "/dev/nbd0|Unmatched argument at index 1: '/dev/nbd0'"
            })
    void shouldRefuseWrongUse(String options, String complaint) {
        assertThat(daemon.rzscontrol(("top " + options).split(" ", -1)))
                .isEqualTo(Run.failed(2, "rzscontrol: " + complaint + "; see rzscontrol top --help"));
    }

    private Run top(String... options) {
        String[] all = Arrays.copyOf(options, options.length + 2);
        System.arraycopy(options, 0, all, 1, options.length);
        all[0] = "top";
        all[all.length - 1] = tree.option();
        return daemon.rzscontrol(all);
    }
}
