package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.attach.OperationException;
import io.ramzswap.control.ErrorCode;
import io.ramzswap.daemon.Daemon;
import io.ramzswap.daemon.DaemonOptions;
import io.ramzswap.daemon.FakeStores;
import io.ramzswap.daemon.SettingsPolicy;
import io.ramzswap.device.DeviceSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options and start-up of ramzswapd, in this process. */
class RamzswapdTest {
    private static final long RAM_BYTES = 1L << 30;

    private final FakeStores stores = new FakeStores();
    private DaemonOptions seen;
    private int seenConnections;

    @TempDir
    private Path directory;

    @Test
    void shouldWaitForRzscontrolByDefault() {
        assertThat(refusedAtPreparation()).isEqualTo(Run.failed(9, "ramzswapd: stopped by the test"));

        assertThat(seen)
                .isEqualTo(new DaemonOptions(
                        Optional.empty(),
                        Optional.of(Path.of("/run/ramzswap/control.sock")),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.empty()));
        assertThat(seenConnections).isBetween(1, 16);
    }

    @Test
    void shouldTakeSizesInManyUnits() {
        refusedAtPreparation(
                "--listen=unix:/tmp/a b",
                "--disksize",
                "50%",
                "--memlimit=8M",
                "--allocator=xvmalloc",
                "--control",
                "c",
                "--connections=16");

        assertThat(seen)
                .isEqualTo(new DaemonOptions(
                        Optional.of(Path.of("/tmp/a b")),
                        Optional.of(Path.of("c")),
                        OptionalLong.of(RAM_BYTES / 2),
                        OptionalLong.of(8 << 20),
                        Optional.of(AllocatorKind.XVMALLOC)));
        assertThat(seenConnections).isEqualTo(16);
    }

    @Test
    void shouldHaveNoControlSocketWhenItListensAndIsToldOfNone() {
        refusedAtPreparation("--listen", "unix:s");

        assertThat(seen.control()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--disksize 1M| --disksize, --memlimit and --allocator go with --listen; for a kernel device give them to rzscontrol",
                "--memlimit 1M| --disksize, --memlimit and --allocator go with --listen; for a kernel device give them to rzscontrol",
                "--listen tcp:x| --listen takes unix:PATH, not 'tcp:x'",
                "--listen unix:| --listen takes unix:PATH, not 'unix:'",
                "--listen /tmp/s| --listen takes unix:PATH, not '/tmp/s'",
                "--connections 0| --connections takes 1 to 16, not 0",
                "--connections 17| --connections takes 1 to 16, not 17",
                "--connections two| Invalid value for option '--connections': 'two' is not an int",
                "--listen unix:s --disksize lots| Invalid value for option '--disksize': 'lots' is no size: write it as 4096, 512K, 256M, 1.5G, 2T or 50%",
                "--daemon| Unknown option: '--daemon'",
                "/dev/nbd0| Unmatched argument at index 0: '/dev/nbd0'"
            })
    void shouldRefuseWrongUse(String arguments, String complaint) {
        assertThat(refusedAtPreparation(arguments.split(" ", -1)))
                .isEqualTo(Run.failed(2, "ramzswapd: " + complaint + "; see ramzswapd --help"));
        assertThat(seen).isNull();
    }

    @Test
    void shouldRefuseADiskSizeThatNoDeviceCanHave() {
        assertThat(started("--listen=unix:" + directory.resolve("s"), "--disksize=0"))
                .isEqualTo(Run.failed(
                        2, "ramzswapd: a disksize of 0 kB is not possible: it goes from 40 kB to 1073741824 kB"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldSayThatThereIsNoMemory() {
        stores.failing(true);

        assertThat(started("--listen=unix:" + directory.resolve("s")))
                .isEqualTo(Run.failed(
                        9, "ramzswapd: rz0 was not initialised: 8 kB of memory for the page table cannot be had"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldSayThatItCannotListen() {
        Path absent = directory.resolve("absent/s");

        Run run = started("--listen=unix:" + absent);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("ramzswapd: ")
                .contains(absent.getParent().toString())
                .hasLineCount(1);
    }

    @Test
    void shouldLeaveNothingBehindWhenTheControlSocketCannotBeHad() throws Exception {
        Path control = Files.writeString(directory.resolve("c"), "no socket");

        Run run = started("--listen=unix:" + directory.resolve("s"), "--disksize=1M", "--control=" + control);

        assertThat(run)
                .isEqualTo(Run.failed(
                        2,
                        "ramzswapd: the control socket " + control
                                + " cannot be made: a file that is no socket has that name; remove it or name another one"
                                + " with --control"));
        assertThat(stores.made()).containsExactly(new DeviceSettings(1 << 20, 1 << 20, false));
        assertThat(stores.open()).isZero();
        assertThat(directory.resolve("s")).doesNotExist();
    }

    @Test
    void shouldShowHelpAndVersion() {
        assertThat(refusedAtPreparation("--help").out())
                .startsWith("Usage: ramzswapd ")
                .contains("--listen=unix:PATH", "--disksize=SIZE", "--memlimit=SIZE", "--control=PATH", "Exit status:");
        assertThat(refusedAtPreparation("--version").out()).startsWith("ramzswap ");
        assertThat(seen).isNull();
    }

    /** Runs it up to where it would change the process. */
    private Run refusedAtPreparation(String... arguments) {
        return Run.of(new RamzswapdCommand(new Host()), arguments);
    }

    /** Runs it with a daemon that holds no pages, and that fails to start: it would not return otherwise. */
    private Run started(String... arguments) {
        return Run.of(new RamzswapdCommand(new StartingHost()), arguments);
    }

    private class Host implements DaemonHost {
        @Override
        public long ramBytes() {
            return RAM_BYTES;
        }

        @Override
        public Daemon prepare(DaemonOptions options, int connections) throws OperationException {
            seen = options;
            seenConnections = connections;
            throw new OperationException(ErrorCode.NO_MEMORY, "stopped by the test");
        }
    }

    private final class StartingHost extends Host {
        @Override
        public Daemon prepare(DaemonOptions options, int connections) {
            return new Daemon(
                    options,
                    name -> {
                        throw new OperationException(ErrorCode.NO_DEVICE, name);
                    },
                    stores,
                    new SettingsPolicy(RAM_BYTES),
                    Thread::new);
        }
    }
}
