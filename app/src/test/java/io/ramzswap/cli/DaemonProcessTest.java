package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ramzswap.refusal.Refusal;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real daemon in a process of its own, with other people's clients. */
@Timeout(120)
class DaemonProcessTest {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    private Path directory;

    private Process daemon;

    @BeforeEach
    void start() throws IOException {
        daemon = start("--listen", "unix:" + directory.resolve("s"), "--disksize", "16M", "--control", control());
        awaitLog(daemon, "controlled through " + control());
    }

    @AfterEach
    void stop() throws InterruptedException {
        daemon.destroyForcibly().waitFor();
    }

    @Test
    void shouldServeOtherPeoplesClientsAndCountWhatTheyDo() throws Exception {
        assumeInstalled("nbdinfo", "nbdcopy");
        Path original = Files.write(directory.resolve("original"), halfRandomBytes(16 << 20));

        assertThat(run("nbdinfo", "--size", uri("rz0"))).isEqualTo(new Run(0, "16777216\n", ""));
        assertThat(run("nbdcopy", original.toString(), uri("")).status()).isZero();
        assertThat(run("nbdcopy", uri(""), directory.resolve("copy").toString()).status())
                .isZero();

        assertThat(directory.resolve("copy")).hasSameBinaryContentAs(original);
        assertThat(rzscontrol("rz0", "--stats").out())
                .startsWith("DiskSize:\t   16384 kB\n")
                .contains("NoCompress:\t     100 %\n", "PagesStored:\t    2048\n", "FailedWrites:\t       0\n");
    }

    @Test
    void shouldNeitherStopNorResetWhileAClientIsThere() throws Exception {
        assumeInstalled("qemu-io");
        Process client = new ProcessBuilder("qemu-io", "-f", "raw", uri("")).start();
        client.getOutputStream().write("read 0 4096\n".getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
        assertThat(client.inputReader().readLine()).contains("read 4096/4096 bytes");

        assertThat(rzscontrol("rz0", "--reset"))
                .isEqualTo(
                        Run.failed(7, "rzscontrol: rz0 is in use by 1 client: nothing was changed; disconnect first"));
        daemon.toHandle().destroy();
        awaitLog(
                daemon,
                "SIGTERM: not stopping, still serving: rz0 is in use by 1 client: nothing was changed; disconnect first");
        client.getOutputStream().write("read 4096 4096\nquit\n".getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().close();
        assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("read 4096/4096 bytes at offset 4096");
        assertThat(client.waitFor()).isZero();

        awaitReset();
        assertThat(rzscontrol("rz0", "--stats").status()).isEqualTo(6);
        assertThat(rzscontrol("rz0", "--init", "-d", "8192", "--stats").out()).startsWith("DiskSize:\t    8192 kB\n");
        assertStopsOnSigterm();
    }

    @Test
    void shouldLeaveNothingButItsLockWhenItStops() throws Exception {
        assertStopsOnSigterm();

        try (var left = Files.list(directory)) {
            assertThat(left).extracting(Path::getFileName).containsExactly(Path.of("control.lock"));
        }
    }

    @Test
    void shouldSayNothingButTheProtocolToTheClientThatStartedIt() throws Exception {
        Process served = start(ProcessBuilder.Redirect.PIPE, "--stdio", "--disksize", "1M");
        try (DataInputStream in = new DataInputStream(served.getInputStream())) {
            assertThat(in.readLong()).isEqualTo(0x4e42444d41474943L);
            assertThat(in.readLong()).isEqualTo(0x49484156454F5054L);
            assertThat(in.readShort()).isEqualTo((short) 3);
            served.getOutputStream().close();
            assertThat(in.readAllBytes()).isEmpty();
        }
        assertThat(served.waitFor()).isZero();
        assertThat(lastLine(served)).endsWith("the client has gone: stopped");
    }

    @Test
    void shouldServeSeveralDevicesToReaders() throws Exception {
        assumeInstalled("nbdinfo");
        Process served = start(
                "--listen", "unix:" + directory.resolve("several"), "--disksize", "1M", "--devices=3", "--read-only");
        awaitLog(served, "serving on unix:" + directory.resolve("several"));
        String uri = uri("rz2").replace("socket=" + directory.resolve("s"), "socket=" + directory.resolve("several"));

        assertThat(run("nbdinfo", "--is", "readonly", uri).status()).isZero();
        assertThat(run("nbdinfo", "--list", "--json", uri).out())
                .contains("\"export-name\": \"rz0\"", "\"export-name\": \"rz1\"", "\"export-name\": \"rz2\"");
        served.destroy();
        assertThat(served.waitFor()).isZero();
    }

    @Test
    void shouldNotShareItsSockets() throws Exception {
        Process second =
                start("--listen", "unix:" + directory.resolve("s2"), "--disksize", "1M", "--control", control());
        assertThat(lastLine(second))
                .isEqualTo("ramzswapd: another daemon listens on " + control()
                        + ": stop it, or name another socket with --control");
        assertThat(second.waitFor()).isEqualTo(7);

        Process third = start("--listen", "unix:" + directory.resolve("s"), "--disksize", "1M");
        assertThat(lastLine(third))
                .isEqualTo("ramzswapd: unix:" + directory.resolve("s")
                        + " is in use: another server listens there; stop it or choose another address");
        assertThat(third.waitFor()).isEqualTo(7);
        assertThat(rzscontrol("rz0", "--stats").status()).isZero();
    }

    @Test
    void shouldSayWhichDevicesItHas() {
        assertThat(rzscontrol("rz1", "--stats"))
                .isEqualTo(Run.failed(5, "rzscontrol: no device rz1: this daemon has rz0"));
    }

    @Test
    void shouldSayThatALibraryCannotBeUnpacked() throws Exception {
        Path unwritable = Path.of("/proc"); // there, for JDK 25 itself warns of a directory that is not
        Process unable = new ProcessBuilder(
                        JAVA,
                        "-Djava.io.tmpdir=" + unwritable,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RamzswapdMain.class.getName(),
                        "--listen=unix:" + directory.resolve("s3"))
                .start();

        assertThat(unable.errorReader().lines())
                .singleElement()
                .asString()
                .startsWith("ramzswapd: the native ")
                .contains("library could not be loaded (", "): make " + unwritable + " writable and executable")
                .doesNotContain("null");
        assertThat(unable.waitFor()).isEqualTo(15);
        assertThat(directory.resolve("s3")).doesNotExist();
    }

    @Test
    void shouldTakeOverTheSocketsOfADaemonThatWasKilled() throws Exception {
        daemon.destroyForcibly().waitFor();
        assertThat(rzscontrol("rz0", "--stats"))
                .isEqualTo(Run.failed(
                        3, "rzscontrol: the daemon that made " + control() + " is gone: start ramzswapd again"));

        start();

        assertThat(rzscontrol("rz0", "--stats").status()).isZero();
    }

    @Test
    void shouldOutliveClientsThatTalkNonsense() throws Exception {
        Random random = new Random(42);
        for (int i = 0; i < 20; i++) {
            byte[] nonsense = new byte[random.nextInt(4096)];
            random.nextBytes(nonsense);
            for (String socket : List.of("s", "control")) {
                try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve(socket)))) {
                    assertThat(client.write(java.nio.ByteBuffer.wrap(nonsense))).isNotNegative();
                }
            }
        }

        assertThat(statusOnceNotBusy()).as("seed 42").isZero();
        assertStopsOnSigterm();
    }

    /** The daemon may still have all the requests that it carries out at a time, and says so. */
    private int statusOnceNotBusy() throws Exception {
        int status;
        do {
            status = rzscontrol("rz0", "--stats").status();
        } while (status == Refusal.BUSY.exitStatus());
        return status;
    }

    private void assertStopsOnSigterm() throws InterruptedException {
        daemon.toHandle().destroy();
        assertThat(daemon.waitFor()).isZero();
    }

    /** A client that has gone is noticed a moment later. */
    private void awaitReset() throws InterruptedException {
        Run reset = rzscontrol("rz0", "--reset");
        while (reset.status() == Refusal.BUSY.exitStatus()) {
            TimeUnit.MILLISECONDS.sleep(10);
            reset = rzscontrol("rz0", "--reset");
        }
        assertThat(reset).isEqualTo(Run.silent());
    }

    private String control() {
        return directory.resolve("control").toString();
    }

    private String uri(String export) {
        return "nbd+unix:///" + export + "?socket=" + directory.resolve("s");
    }

    private Run rzscontrol(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--control=" + control());
        return Run.of(new RzscontrolCommand(), all.toArray(String[]::new));
    }

    private static Process start(String... arguments) throws IOException {
        return start(ProcessBuilder.Redirect.DISCARD, arguments);
    }

    private static Process start(ProcessBuilder.Redirect output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA, "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(RamzswapdMain.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectOutput(output).start();
    }

    /** Reads the log up to a line that ends like this. */
    private static void awaitLog(Process process, String end) throws IOException {
        List<String> seen = new ArrayList<>();
        String line = process.errorReader().readLine();
        while (line != null && !line.endsWith(end)) {
            seen.add(line);
            line = process.errorReader().readLine();
        }
        assertThat(line).as("after %s", seen).isNotNull();
    }

    private static String lastLine(Process process) {
        return process.errorReader().lines().reduce("", (before, line) -> line);
    }

    private static Run run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out, err);
    }

    /** Every second page is random, the others are zero. */
    private static byte[] halfRandomBytes(int length) {
        byte[] bytes = new byte[length];
        byte[] page = new byte[4096];
        Random random = new Random(1);
        for (int offset = 0; offset < length; offset += 2 * page.length) {
            random.nextBytes(page);
            System.arraycopy(page, 0, bytes, offset, page.length);
        }
        return bytes;
    }

    private static void assumeInstalled(String... programs) {
        for (String program : programs) {
            assumeThat(Path.of("/usr/bin", program))
                    .as("Debian packages libnbd-bin and qemu-utils")
                    .exists();
        }
    }
}
