package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.ramzswap.metrics.Metrics;
import io.ramzswap.metrics.MetricsServer;
import io.ramzswap.nbd.transport.CpuLatency;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class MetricsCommandTest {
    @TempDir
    private Path directory;

    private PlayedDaemon daemon;
    private CpuLatency cpuLatency;

    @BeforeEach
    void start() throws IOException {
        cpuLatency = CpuLatency.open(Files.createFile(directory.resolve("cpu_dma_latency")), 20);
        daemon = new PlayedDaemon(directory, cpuLatency, "/dev/nbd0", "/dev/nbd1");
        daemon.rzscontrol("/dev/nbd0", "--init", "-m", "8192");
        daemon.rzscontrol("/dev/nbd1", "--init");
    }

    @AfterEach
    void stop() {
        daemon.close();
        cpuLatency.close();
    }

    @Test
    void shouldPrintDevicesAndDaemon() {
        Run run = daemon.rzscontrol("metrics");

        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("""
                        # HELP ramzswap_device_written_pages_total Pages offered, refused ones included.
                        # TYPE ramzswap_device_written_pages_total counter
                        ramzswap_device_written_pages_total{device="/dev/nbd0"} 2.0
                        ramzswap_device_written_pages_total{device="/dev/nbd1"} 2.0
                        """)
                .contains("""
                        # TYPE ramzswap_device_memory_limit_bytes gauge
                        ramzswap_device_memory_limit_bytes{device="/dev/nbd0"} 8388608.0
                        # HELP""")
                .contains("ramzswap_device_info{allocator=\"segment\",compressor=\"lz4\",device=\"/dev/nbd0\"} 1\n")
                .contains("ramzswap_device_incompressible_ratio{device=\"/dev/nbd1\"} 0.09\n")
                .contains("# TYPE ramzswap_up gauge\nramzswap_up 1.0\n");
    }

    @Test
    void shouldTellHowQuicklyProcessorsAreAskedToWake() {
        assertThat(daemon.rzscontrol("metrics").out()).contains("""
                        # TYPE ramzswap_daemon_cpu_latency_requests_total counter
                        ramzswap_daemon_cpu_latency_requests_total 0.0
                        """).contains("""
                        # TYPE ramzswap_daemon_cpu_latency_seconds gauge
                        ramzswap_daemon_cpu_latency_seconds 2.0E-5
                        """);
    }

    /** 0 would be the shortest of all. */
    @Test
    void shouldTellNoTimeWhereProcessorsWakeAsTheyLike() throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        try (PlayedDaemon indifferent = new PlayedDaemon(other, "/dev/nbd0")) {
            assertThat(indifferent.rzscontrol("metrics").out())
                    .contains("ramzswap_daemon_cpu_latency_requests_total 0.0\n")
                    .doesNotContain("ramzswap_daemon_cpu_latency_seconds");
        }
    }

    @Test
    void shouldReplaceTheTextfileAsAWhole() throws IOException {
        Path file = Files.writeString(directory.resolve("ramzswap.prom"), "old\n");

        assertThat(daemon.rzscontrol("metrics", "--textfile=" + file)).isEqualTo(Run.silent());

        assertThat(Files.readString(file)).contains("ramzswap_up 1.0\n").doesNotContain("old");
        // node_exporter runs as another user.
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString()).filter(name -> name.startsWith(".ramzswap")))
                    .isEmpty();
        }
    }

    @Test
    void shouldWriteThatTheDaemonIsDown() throws IOException {
        Path file = directory.resolve("ramzswap.prom");
        daemon.close();

        Run run = daemon.rzscontrol("metrics", "--textfile", file.toString());

        assertThat(run)
                .isEqualTo(Run.failed(
                        3,
                        "rzscontrol: no daemon at " + daemon.socket()
                                + ": start ramzswapd, or name its socket with --control"));
        assertThat(Files.readString(file)).endsWith("\nramzswap_up 0.0\n").hasLineCount(3);
        assertThat(daemon.rzscontrol("metrics").out()).isEmpty();
    }

    @Test
    void shouldServeThemOverHttp() throws IOException {
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (MetricsServer server = MetricsServer.start(anywhere, new Metrics(Optional::empty))) {
            assertThat(server.url()).matches("http://127\\.0\\.0\\.1:[1-9][0-9]*/metrics");
            try (InputStream answer = URI.create(server.url()).toURL().openStream()) {
                assertThat(new String(answer.readAllBytes(), StandardCharsets.UTF_8))
                        .contains("ramzswap_up 0.0\n");
            }
        }
    }

    @Test
    void shouldSayThatThePortIsTaken() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Run run = daemon.rzscontrol("metrics", "--listen=" + other.getLocalPort());

            assertThat(run)
                    .isEqualTo(Run.failed(
                            7,
                            "rzscontrol: another program listens on port " + other.getLocalPort()
                                    + "; choose another port"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--listen 0.0.0.0:9101|2|Invalid value for option '--listen': '0.0.0.0:9101' can be reached from other"
                        + " machines, and nothing guards it: take 127.0.0.1, and a proxy with TLS before it; see"
                        + " rzscontrol metrics --help",
                "--listen 192.0.2.1:9101|2|Invalid value for option '--listen': '192.0.2.1:9101' can be reached from other"
                        + " machines, and nothing guards it: take 127.0.0.1, and a proxy with TLS before it; see"
                        + " rzscontrol metrics --help",
                "--listen 65536|2|Invalid value for option '--listen': '65536' has a port that is too large: the last one is"
                        + " 65535; see rzscontrol metrics --help",
                "--listen example.org:80|2|Invalid value for option '--listen': 'example.org:80' is no address: write it as"
                        + " 9101, 127.0.0.1:9101 or [::1]:9101; see rzscontrol metrics --help",
                "--listen -1|2|Invalid value for option '--listen': '-1' is no address: write it as 9101, 127.0.0.1:9101 or [::1]:9101; see rzscontrol metrics --help",
                "--listen 1.2.3:9101|2|Invalid value for option '--listen': '1.2.3:9101' can be reached from other machines,"
                        + " and nothing guards it: take 127.0.0.1, and a proxy with TLS before it; see rzscontrol metrics"
                        + " --help",
                "--textfile /tmp/ramzswap|2|--textfile takes a file that ends in .prom, for node_exporter reads no other; not"
                        + " /tmp/ramzswap; see rzscontrol metrics --help",
                "--textfile /nowhere/at/all.prom|2|there is no directory /nowhere/at to write all.prom to",
                "--textfile /sys/ramzswap.prom|4|no permission to write /sys/ramzswap.prom: run it as a user who may",
                "--listen 1 --textfile x.prom|2|--textfile=FILE, --listen=[HOST:]PORT are mutually exclusive (specify only"
                        + " one); see rzscontrol metrics --help",
                "/dev/nbd0|2|Unmatched argument at index 1: '/dev/nbd0'; see rzscontrol metrics --help"
            })
    void shouldRefuseWrongUse(String options, int status, String complaint) {
        assertThat(daemon.rzscontrol(("metrics " + options).split(" ", -1)))
                .isEqualTo(Run.failed(status, "rzscontrol: " + complaint));
    }

    /** A panel that asks for what there is not shows nothing, and nobody notices. */
    @Test
    void shouldHaveEveryMetricThatTheDashboardAsksFor() throws IOException {
        String dashboard = Files.readString(Path.of("../docs/grafana/ramzswap.json"));
        String printed = daemon.rzscontrol("metrics").out();

        assertThat(JsonParser.parseString(dashboard).getAsJsonObject().getAsJsonArray("panels"))
                .isNotEmpty();
        assertThat(metricsIn(dashboard)).isNotEmpty();
        assertThat(printed.lines().filter(line -> line.startsWith("ramzswap_")).map(line -> line.split("[{ ]", 2)[0]))
                .containsAll(metricsIn(dashboard));
    }

    /** And the manual lists all of them. */
    @Test
    void shouldHaveTheMetricsThatTheManualLists() throws IOException {
        Set<String> printed = daemon.rzscontrol("metrics")
                .out()
                .lines()
                .filter(line -> line.startsWith("ramzswap_"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toCollection(TreeSet::new));

        String manual = Files.readString(Path.of("../docs/monitoring.md"));
        Set<String> listed = Pattern.compile("^\\| `(ramzswap_[a-z_]+)` \\|", Pattern.MULTILINE)
                .matcher(manual)
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(printed).isEqualTo(listed);
    }

    private static Set<String> metricsIn(String text) {
        return Pattern.compile("ramzswap_[a-z_]+")
                .matcher(text)
                .results()
                .map(match -> match.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
