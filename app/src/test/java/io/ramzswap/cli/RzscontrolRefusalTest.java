package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ramzswap.Fifo;
import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The words for wrong use, and for a daemon that is not there. */
class RzscontrolRefusalTest extends RzscontrolOnADaemon {
    @Test
    void shouldWantADeviceAndSomethingToDo() {
        assertThat(rzscontrol(DEVICE))
                .isEqualTo(Run.failed(2, "rzscontrol: nothing to do for /dev/nbd0; see rzscontrol --help"));
        assertThat(rzscontrol("--init"))
                .isEqualTo(Run.failed(2, "rzscontrol: Missing required parameter: 'DEVICE'; see rzscontrol --help"));
        assertThat(rzscontrol(DEVICE, "--format"))
                .isEqualTo(Run.failed(2, "rzscontrol: Unknown option: '--format'; see rzscontrol --help"));
    }

    @Test
    void shouldSayThatThereIsNoDaemon() {
        server.close();

        assertThat(rzscontrol(DEVICE, "--stats"))
                .isEqualTo(Run.failed(
                        3,
                        "rzscontrol: no daemon at " + socket()
                                + ": start ramzswapd, or name its socket with --control"));
    }

    @Test
    void shouldSayThatTheDaemonIsGone() throws IOException {
        server.close();
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket()))
                .close();

        assertThat(rzscontrol(DEVICE, "--stats"))
                .isEqualTo(Run.failed(
                        3, "rzscontrol: the daemon that made " + socket() + " is gone: start ramzswapd again"));
    }

    @Test
    void shouldSayThatTheDaemonHungUp() throws IOException, InterruptedException {
        server.close();
        try (ServerSocketChannel mute = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            mute.bind(UnixDomainSocketAddress.of(socket()));
            Thread hangingUp = new Thread(() -> acceptAndClose(mute));
            hangingUp.start();

            assertThat(rzscontrol(DEVICE, "--stats"))
                    .isEqualTo(Run.failed(
                            3, "rzscontrol: the daemon at " + socket() + " hung up without an answer: see its log"));
            hangingUp.join();
        }
    }

    @Test
    void shouldSayThatTheSocketIsClosedToThisUser() throws IOException {
        assumeThat(System.getProperty("user.name")).as("root may do anything").isNotEqualTo("root");
        Files.setPosixFilePermissions(socket(), java.util.Set.of());

        assertThat(rzscontrol(DEVICE, "--stats"))
                .isEqualTo(Run.failed(
                        4,
                        "rzscontrol: no permission to control the daemon at " + socket()
                                + ": run rzscontrol as root or as the user who runs it"));
    }

    @Test
    void shouldPrintNoStackTraceOfARefusalHoweverVerbose() {
        assertThat(rzscontrol(DEVICE, "--stats", "--verbose"))
                .isEqualTo(Run.failed(
                        6,
                        "rzscontrol: /dev/nbd0 has no statistics: it is not initialised; run rzscontrol /dev/nbd0 --init"
                                + " first"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stat| there is no command 'stat'; did you mean stats?",
                "doctr| there is no command 'doctr'; did you mean doctor?",
                "help| there is no command 'help'; did you mean --help?",
                "nbd0| nothing to do for nbd0"
            })
    void shouldSayWhichCommandWasProbablyMeant(String word, String complaint) {
        assertThat(rzscontrol(word)).isEqualTo(Run.failed(2, "rzscontrol: " + complaint + "; see rzscontrol --help"));
    }

    @Test
    void shouldRefuseNamesThatNoDeviceAndNoFileCanHave() {
        for (String command : new String[] {"--stats", "stats"}) {
            boolean isOption = command.startsWith("-");
            for (String name : new String[] {"", "x".repeat(4097)}) {
                Run run = isOption ? rzscontrol(name, command) : rzscontrol(command, name);
                assertThat(run.status()).as(run.err()).isEqualTo(2);
                assertThat(run.err()).hasLineCount(1).contains(" name ");
            }
        }
        for (String name : new String[] {"", "x".repeat(4097)}) {
            Run run = rzscontrol(DEVICE, "--backing_swap=" + name, "--init");
            assertThat(run.status()).as(run.err()).isEqualTo(2);
            assertThat(run.err()).hasLineCount(1).contains(" name ");
        }
        assertThat(stores.made()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--memlimit_kb", "--disksize_kb", "--writeback_limit_kb"})
    void shouldNotCutANumberThatIsTooLarge(String option) {
        assertThat(rzscontrol(DEVICE, option + "=99999999999999999999"))
                .isEqualTo(Run.failed(
                        2,
                        "rzscontrol: Invalid value for option '" + option
                                + "': '99999999999999999999' kilobytes are more"
                                + " than any machine has: at most 9007199254740991 are understood; see rzscontrol"
                                + " --help"));
    }

    @Test
    void shouldSayWhyNoDaemonCanBeAtThatName() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Path loop = Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
        Path longest = directory.resolve("x".repeat(108 - directory.toString().length() - 1));
        String again = ": name its socket with --control";

        for (Path path : new Path[] {file, Fifo.make(directory.resolve("fifo")), directory, Path.of("/dev/null")}) {
            assertThat(at(path))
                    .isEqualTo(Run.failed(
                            2, "rzscontrol: " + path + " is no socket, so no daemon can be reached there" + again));
        }
        assertThat(at(loop).status()).isEqualTo(3);
        assertThat(at(loop).err())
                .contains("no daemon at " + loop + " (Too many levels of symbolic links")
                .endsWith(again + "\n");
        assertThat(at(file.resolve("s")))
                .isEqualTo(
                        Run.failed(3, "rzscontrol: no daemon at " + file.resolve("s") + " (Not a directory)" + again));
        assertThat(at(longest))
                .isEqualTo(Run.failed(
                        2,
                        "rzscontrol: the control socket " + longest
                                + " has a name of 108 bytes, and 107 is the most there may"
                                + " be: name a shorter one with --control"));
    }

    private static Run at(Path control) {
        return Run.of(new RzscontrolCommand(), "list", "--control=" + control);
    }

    @Test
    void shouldShowHelpAndVersion() {
        Run help = rzscontrol("--help");
        assertThat(help.status()).isZero();
        assertThat(help.out())
                .startsWith("Usage: rzscontrol ")
                .contains("--disksize_kb=N", "--memlimit_kb=N", "--backing_swap=PATH", "Exit status:", "7    busy");
        assertThat(rzscontrol("--version").out()).matches("ramzswap [0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?\n");
    }

    @ParameterizedTest
    @EnumSource
    void shouldListEveryExitStatus(Refusal code) {
        assertThat(rzscontrol("--help").out()).containsPattern("\n +" + code.exitStatus() + " +[a-z]");
    }

    private static void acceptAndClose(ServerSocketChannel server) {
        try (SocketChannel client = server.accept()) {
            assertThat(client).isNotNull();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
