package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ramzswap.backing.BackingStatistics;
import io.ramzswap.backing.TierStatistics;
import io.ramzswap.device.Figures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListCommandTest {
    private static final String SWAPS = "Filename Type Size Used Priority\n/dev/nbd0 partition 262140 0 100\n";

    @TempDir
    private Path directory;

    private Tree tree;
    private PlayedDaemon daemon;

    @BeforeEach
    void start() throws IOException {
        tree = new Tree(directory.resolve("root"))
                .file("/proc/swaps", SWAPS)
                .file("/proc/self/mounts", "/dev/nbd10 /mnt/there ext4 rw 0 0\n")
                .directory("/sys/block/nbd0/mq/0")
                .directory("/sys/block/nbd0/mq/1");
        daemon = new PlayedDaemon(directory, "/dev/nbd10", "/dev/nbd0", "/dev/nbd2");
        daemon.rzscontrol("/dev/nbd10", "--init", "-d", "65536");
        daemon.rzscontrol("/dev/nbd0", "--init", "-m", "8192");
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void shouldListInitialisedDevicesInOrder() {
        assertThat(list()).isEqualTo(new Run(0, """
                                NAME       ALGORITHM DISKSIZE DATA COMPR TOTAL COMP-RATIO STREAMS MOUNTPOINT
                                /dev/nbd0  lz4           256M  28K   13B   14B    2048.86       2 [SWAP]
                                /dev/nbd10 lz4            64M  28K   13B   14B    2048.86         /mnt/there
                                """, ""));
    }

    @Test
    void shouldShowWhatIsOnABackingSwapApartFromWhatMemoryHolds() {
        daemon.stores()
                .changing(figures -> Figures.with(
                        Figures.with(
                                Figures.with(Figures.with(figures, "zeroPages", 0L), "origDataBytes", 4096L),
                                "memUsedTotalBytes",
                                1L << 20),
                        "backing",
                        new BackingStatistics("/dev/sda2", "healthy", 0, 0, 0, 0, 0, 5120, TierStatistics.NONE)));

        assertThat(list("--raw").out()).isEqualTo("""
                NAME ALGORITHM DISKSIZE DATA COMPR TOTAL COMP-RATIO BACKING STREAMS MOUNTPOINT
                /dev/nbd0 lz4 256M 4K 13B 1M - 20M 2 [SWAP]
                /dev/nbd10 lz4 64M 4K 13B 1M - 20M - /mnt/there
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-n -o NAME,DISKSIZE|/dev/nbd0  256M,/dev/nbd10  64M",
                "--noheadings --output name,mem-limit --bytes|/dev/nbd0  8388608,/dev/nbd10",
                "-nb --raw -o NAME,MEM-LIMIT|/dev/nbd0 8388608,/dev/nbd10 -",
                "--raw -o NAME,ALLOCATOR,ZERO-PAGES|NAME ALLOCATOR ZERO-PAGES,/dev/nbd0 segment 7,/dev/nbd10 segment 7"
            })
    void shouldPrintWhatIsAskedFor(String options, String lines) {
        assertThat(list(options.split(" ", -1))).isEqualTo(new Run(0, lines.replace(',', '\n') + "\n", ""));
    }

    @Test
    void shouldPrintJsonWithSizesInBytesAndNullForWhatThereIsNot() {
        JsonArray devices = devices(list("--json", "--output-all"));

        assertThat(devices).hasSize(2);
        JsonObject first = devices.get(0).getAsJsonObject();
        assertThat(first.get("name").getAsString()).isEqualTo("/dev/nbd0");
        assertThat(first.get("memLimitBytes").getAsLong()).isEqualTo(8 << 20);
        assertThat(first.get("streams").getAsInt()).isEqualTo(2);
        JsonObject second = devices.get(1).getAsJsonObject();
        assertThat(second.get("memLimitBytes").isJsonNull()).isTrue();
        assertThat(second.get("mountPoint").getAsString()).isEqualTo("/mnt/there");
        assertThat(second.keySet())
                .containsExactlyElementsOf(Arrays.stream(ListColumn.values())
                        .map(ListColumn::jsonName)
                        .toList());
    }

    @Test
    void shouldSayNothingWhereThereIsNothing() {
        daemon.rzscontrol("/dev/nbd0", "--reset");
        daemon.rzscontrol("/dev/nbd10", "--reset");

        assertThat(list()).isEqualTo(Run.silent());
        assertThat(devices(list("--json"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-o NAME,WEIGHT|there is no column 'WEIGHT': there are NAME, ALGORITHM, ALLOCATOR, DISKSIZE, DATA, COMPR, TOTAL,"
                        + " COMP-RATIO, BACKING, STREAMS, ZERO-PAGES, MEM-LIMIT, MOUNTPOINT",
                "-o ,|there is no column '': there are NAME, ALGORITHM, ALLOCATOR, DISKSIZE, DATA, COMPR, TOTAL,"
                        + " COMP-RATIO, BACKING, STREAMS, ZERO-PAGES, MEM-LIMIT, MOUNTPOINT",
                "-o|Expected parameter for option '--output' but found '--control=SOCKET'",
                "-o NAME --output-all|--output=LIST, --output-all are mutually exclusive (specify only one)",
                "--colour|Unknown option: '--colour'",
                "/dev/nbd0|Unmatched argument at index 1: '/dev/nbd0'"
            })
    void shouldRefuseWrongUse(String options, String complaint) {
        Run run = daemon.rzscontrol(("list " + options).split(" ", -1));

        assertThat(run)
                .isEqualTo(Run.failed(
                        2,
                        "rzscontrol: "
                                + complaint.replace("SOCKET", daemon.socket().toString())
                                + "; see rzscontrol list --help"));
    }

    @Test
    void shouldSayThatThereIsNoDaemon() {
        daemon.close();

        assertThat(list())
                .isEqualTo(Run.failed(
                        3,
                        "rzscontrol: no daemon at " + daemon.socket()
                                + ": start ramzswapd, or name its socket with --control"));
    }

    @Test
    void shouldExplainEveryColumn() {
        String help = daemon.rzscontrol("list", "--help").out();

        assertThat(help)
                .startsWith("Usage: rzscontrol list ")
                .contains(Arrays.stream(ListColumn.values())
                        .map(column -> String.format("  %-10s  ", column.label()))
                        .toList());
    }

    private Run list(String... options) {
        String[] all = Arrays.copyOf(options, options.length + 2);
        System.arraycopy(options, 0, all, 1, options.length);
        all[0] = "list";
        all[all.length - 1] = tree.option();
        return daemon.rzscontrol(all);
    }

    private static JsonArray devices(Run run) {
        assertThat(run.status()).isZero();
        return JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonArray("devices");
    }
}
