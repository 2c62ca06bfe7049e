package io.ramzswap.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.backing.BackingLayout;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.notify.NotifyMode;
import io.ramzswap.process.CpuLatencySetting;
import io.ramzswap.process.HibernationMode;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.setting.catalogue.DaemonCatalogue;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import io.ramzswap.setting.catalogue.Discard;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
    private static final long MIB = 1 << 20;
    private static final long RAM_BYTES = 2048 * MIB;
    private static final String ETC = "etc/ramzswap/ramzswap.conf";

    @TempDir
    private Path root;

    @Test
    void shouldHaveOneDeviceWithoutAnyFile() throws ConfigException {
        assertThat(load().devices())
                .containsExactly(TestDevices.device(
                        "rz0",
                        "/dev/nbd0",
                        1024 * MIB,
                        OptionalLong.empty(),
                        AllocatorKind.DEFAULT,
                        CompressorKind.DEFAULT,
                        100,
                        Discard.PAGES,
                        OptionalInt.empty()));
    }

    @Test
    void shouldStopTheDefaultDisksizeAtFourGibibytes() throws ConfigException {
        Configuration.Source source = Configuration.from(ConfigFiles.under(root), 64 * 1024 * MIB);

        assertThat(source.load().devices().get(0).diskSizeBytes()).hasValue(4096 * MIB);
    }

    @Test
    void shouldPutABackingSwapBehindADevice() throws Exception {
        file(
                ETC,
                "[rz0]",
                "backing-swap = /dev/sda2",
                "backing-layout = log",
                "backing-encrypt = off",
                "writeback-limit = 2G",
                "writeback-idle = 600",
                "memlimit = ram / 4");

        DeviceConfig device = load().devices().get(0);

        assertThat(device.values().get(DeviceCatalogue.BACKING_SWAP)).hasValue(Path.of("/dev/sda2"));
        assertThat(device.values().get(DeviceCatalogue.BACKING_LAYOUT)).hasValue(BackingLayout.LOG);
        assertThat(device.values().get(DeviceCatalogue.BACKING_ENCRYPT)).hasValue(false);
        assertThat(device.values().get(DeviceCatalogue.WRITEBACK_LIMIT)).hasValue(2048 * MIB);
        assertThat(device.values().get(DeviceCatalogue.WRITEBACK_IDLE)).hasValue(600L);
        assertThat(device.spoken(DeviceCatalogue.BACKING_SWAP))
                .isEqualTo("/dev/sda2 (log), writeback-limit = 2097152K, writeback-idle = 600");
        assertThat(device.memLimitBytes()).hasValue(RAM_BYTES / 4);
    }

    @Test
    void shouldTakeItsDefaultsForABackingSwap() throws Exception {
        file(ETC, "[rz0]", "backing-swap = /swap");

        assertThat(load().devices().get(0).spoken(DeviceCatalogue.BACKING_SWAP)).isEqualTo("/swap (log, encrypted)");
    }

    /** As systemd does: an editor's lock is a link with such a name that leads nowhere. */
    @Test
    void shouldPassOverHiddenDropIns() throws Exception {
        file(ETC + ".d/10.conf", "[rz0]", "priority = 7");
        file(ETC + ".d/.10.conf", "[rz0]", "priority = 8");
        Files.createSymbolicLink(root.resolve(ETC + ".d/.#10.conf"), Path.of("somebody@host.17:1"));

        assertThat(load().devices().get(0).priority()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "backing-layout = log | backing-layout: this goes with backing-swap, which is not there",
                "backing-swap = /swap;backing-layout = linear;writeback-idle = 1 | writeback-idle: this goes with the backing-layout"
                        + " log, not with linear",
                "backing-swap = /swap;writeback-limit = 512 | writeback-limit: 'none', or a page, 4096 bytes, at least is"
                        + " expected, and '512' is 512 bytes",
                "backing-swap = /swap;writeback-limit = 0 | writeback-limit: 'none', or a page, 4096 bytes, at least is"
                        + " expected, and '0' is 0 bytes",
                "backing-swap = sda2 | backing-swap: the path of a swap-formatted file or partition is expected, not"
                        + " 'sda2'",
                "backing-swap = /swap;disksize = 1G | disksize: a device is as large as its backing-swap: leave it out",
                "backing-swap = /swap;backing-layout = tree | backing-layout: one of log, linear is expected, not"
                        + " 'tree'",
                "backing-swap = /swap;backing-encrypt = yes | backing-encrypt: on or off is expected, not 'yes'",
                "backing-swap = /swap;writeback-idle = 31d | writeback-idle: a length of time, 0 to 30d, as 90s, 10m,"
                        + " 2h or 1d, is expected, not '31d'",
                "backing-swap = /swap;writeback-idle = 2592001 | writeback-idle: a length of time, 0 to 30d, as 90s,"
                        + " 10m, 2h or 1d, is expected, not '2592001'",
                "backing-swap = /swap;writeback-idle = -1 | writeback-idle: a length of time, 0 to 30d, as 90s, 10m,"
                        + " 2h or 1d, is expected, not '-1'",
            })
    void shouldSayWhatIsWrongWithABackingSwap(String lines, String complaint) throws Exception {
        file(ETC, ("[rz0];" + lines).split(";", -1));

        assertThatThrownBy(this::load).hasMessageContaining(complaint);
    }

    @Test
    void shouldTakeAFileOfCommentsForNone() throws Exception {
        file(ETC, "# [rz3]", "  ; priority = 3", "", "   ");

        assertThat(load().devices())
                .hasSize(1)
                .first()
                .extracting(DeviceConfig::name)
                .isEqualTo("rz0");
    }

    @Test
    void shouldTakeEveryKey() throws Exception {
        file(
                ETC,
                "[rz1]",
                "device=/dev/nbd7",
                "  disksize  =  min(ram / 2, 512M) - 1  ",
                "memlimit = disksize / 2",
                "allocator = zsmalloc",
                "compressor = zstd",
                "priority = 32767",
                "discard = none",
                "connections = 3",
                "[ rz0 ]");

        assertThat(load().devices()).extracting(DeviceConfig::name).containsExactly("rz0", "rz1");
        assertThat(load().devices().get(1))
                .isEqualTo(TestDevices.device(
                        "rz1",
                        "/dev/nbd7",
                        512 * MIB - 4096,
                        OptionalLong.of(256 * MIB - 4096),
                        AllocatorKind.ZSMALLOC,
                        CompressorKind.ZSTD,
                        32767,
                        Discard.NONE,
                        OptionalInt.of(3)));
    }

    @Test
    void shouldReadTheFirstMainFileAndAllDropInsByName() throws Exception {
        file(ETC, "[rz0]", "disksize = 64M", "priority = 1");
        file("run/ramzswap/ramzswap.conf", "[rz9]");
        file("usr/lib/ramzswap/ramzswap.conf.d/50-a.conf", "[rz0]", "priority = 2", "discard = both");
        file("run/ramzswap/ramzswap.conf.d/40-b.conf", "[rz0]", "priority = 3", "memlimit = 8M");
        file("etc/ramzswap/ramzswap.conf.d/50-c.conf", "[rz0]", "memlimit = none");
        file("etc/ramzswap/ramzswap.conf.d/README", "nothing to read");

        DeviceConfig device = load().devices().get(0);

        assertThat(load().devices()).hasSize(1);
        assertThat(device.diskSizeBytes()).hasValue(64 * MIB);
        assertThat(device.priority()).isEqualTo(2);
        assertThat(device.discard()).isEqualTo(Discard.BOTH);
        assertThat(device.memLimitBytes()).isEmpty();
    }

    @Test
    void shouldTakeWhatHoldsForTheDaemonAsAWhole() throws Exception {
        assertThat(load().daemon()).isEqualTo(SettingValues.NONE);

        file(ETC, "[daemon]", "notify = off", "cpu-latency = 5", "hibernation = swapoff");
        file("etc/ramzswap/ramzswap.conf.d/50-a.conf", "[daemon]", "notify = auto");

        assertThat(load().daemon())
                .isEqualTo(SettingValues.of(DaemonCatalogue.NOTIFY, NotifyMode.AUTO)
                        .with(DaemonCatalogue.CPU_LATENCY, CpuLatencySetting.parse("5"))
                        .with(DaemonCatalogue.HIBERNATION, HibernationMode.SWAPOFF));
        assertThat(load().devices()).extracting(DeviceConfig::name).containsExactly("rz0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "notify = yes| :2: notify takes auto, trim or off, not 'yes'",
                "notfy = auto| :2: 'notfy' is no key of [daemon]; there are notify, cpu-latency, hibernation",
                "cpu-latency = -1| :2: cpu-latency takes auto, off, or microseconds from 0 to 1000000, not '-1'",
                "hibernation = yes| :2: hibernation takes refuse or swapoff, not 'yes'"
            })
    void shouldNameTheLineOfTheDaemonsAndWhatIsExpected(String line, String complaint) throws IOException {
        Path file = file(ETC, "[daemon]", line);

        assertThatThrownBy(this::load).isInstanceOf(ConfigException.class).hasMessage(file + complaint);
    }

    @Test
    void shouldLetADropInHideThoseOfItsNameInLaterDirectories() throws Exception {
        file("usr/lib/ramzswap/ramzswap.conf.d/50-a.conf", "[rz0]", "priority = 2");
        file("usr/lib/ramzswap/ramzswap.conf.d/60-b.conf", "[rz0]", "priority = 3");
        file("run/ramzswap/ramzswap.conf.d/60-b.conf");
        Files.createDirectories(root.resolve("etc/ramzswap/ramzswap.conf.d"));
        Path nothing = Files.createFile(root.resolve("null"));
        Files.createSymbolicLink(root.resolve("etc/ramzswap/ramzswap.conf.d/50-a.conf"), nothing);

        assertThat(load().devices().get(0).priority()).isEqualTo(100);
    }

    @Test
    void shouldReadAFileOfOnesOwnAndItsDropInsOnly() throws Exception {
        file(ETC, "[rz5]");
        Path own = file("own.conf", "[rz0]", "priority = 7");
        file("own.conf.d/1.conf", "[rz1]");

        assertThat(Configuration.from(ConfigFiles.at(own), RAM_BYTES).load().devices())
                .extracting(DeviceConfig::name)
                .containsExactly("rz0", "rz1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "dissksize = 1G| :2: 'dissksize' is no key of [rz0]; did you mean disksize?",
                "Priority = 1| :2: 'Priority' is no key of [rz0]; did you mean priority?",
                "swap-priority = 1| :2: 'swap-priority' is no key of [rz0]; there are device, disksize, memlimit, allocator, compressor, priority, discard, connections, backing-swap, backing-layout, backing-encrypt, writeback-limit, writeback-idle",
                "disksize = lots| :2: disksize: 'lots' has 'lots' where a size such as 512M or 50%, ram, min() or max() is expected",
                "disksize = 4K| :2: disksize: 40 kB to 1073741824 kB is expected, and '4K' is 4 kB",
                "disksize = 999T| :2: disksize: 40 kB to 1073741824 kB is expected, and '999T' is 1072668082176 kB",
                "disksize =| :2: disksize has no value; give it one, or remove the line",
                "memlimit = 0| :2: memlimit: 'none', or a page at least and the disksize, 1048576 kB, at most is expected, and '0' is 0 kB",
                "memlimit = ram| :2: memlimit: 'none', or a page at least and the disksize, 1048576 kB, at most is expected, and 'ram' is 2097152 kB",
                "allocator = malloc| :2: allocator: one of segment, zsmalloc, xvmalloc, zbud is expected, not 'malloc'",
                "priority = -1| :2: priority: a whole number, 0 to 32767, is expected, not '-1'",
                "priority = 32768| :2: priority: a whole number, 0 to 32767, is expected, not '32768'",
                "priority = 99999999999| :2: priority: a whole number, 0 to 32767, is expected, not '99999999999'",
                "discard = yes| :2: discard: none, once, pages or both is expected, not 'yes'",
                "connections = 0| :2: connections: a whole number, 1 to 16, is expected, not '0'",
                "device = /dev/sda| :2: device: /dev/nbd0, /dev/nbd1 and so on is expected, not '/dev/sda'",
                "[rz0]| :2: [rz0] is there already, in line 1; put both together",
                "[rz16]| :2: [rz16] is no section: a device is expected, [rz0] to [rz15], or [daemon]",
                "[rz01]| :2: [rz01] is no section: a device is expected, [rz0] to [rz15], or [daemon]",
                "[metrics]| :2: [metrics] is no section: a device is expected, [rz0] to [rz15], or [daemon]",
                "[rz1| :2: '[rz1' is neither a section, as in [rz0], nor a setting, as in priority = 100",
                "priority 100| :2: 'priority 100' is neither a section, as in [rz0], nor a setting, as in priority = 100",
                "= 100| :2: '= 100' is neither a section, as in [rz0], nor a setting, as in priority = 100"
            })
    void shouldNameTheLineAndWhatIsExpected(String line, String complaint) throws IOException {
        Path file = file(ETC, "[rz0]", line);

        assertThatThrownBy(this::load).isInstanceOf(ConfigException.class).hasMessage(file + complaint);
    }

    @Test
    void shouldRefuseAKeyGivenTwiceInOneFile() throws IOException {
        Path file = file(ETC, "[rz0]", "priority = 1", "priority = 1");

        assertThatThrownBy(this::load)
                .hasMessage(file + ":3: priority is given already, in line 2; remove one of the two");
    }

    @Test
    void shouldRefuseOneDeviceInTwoSections() throws IOException {
        Path file = file(ETC, "[rz0]", "[rz1]", "device = /dev/nbd0");

        assertThatThrownBy(this::load)
                .hasMessage(file + ":3: /dev/nbd0 is the device of both [rz0] and [rz1]; give them different ones");
    }

    @Test
    void shouldRefuseASettingOutsideOfASection() throws IOException {
        Path file = file(ETC, "priority = 1");

        assertThatThrownBy(this::load)
                .hasMessage(file + ":1: 'priority' stands before any section; a line such as [rz0] is expected");
    }

    @Test
    void shouldRefuseWhatOtherSystemsEditorsLeave() throws IOException {
        Path file = file(ETC, "\uFEFF[rz0]");
        assertThatThrownBy(this::load)
                .hasMessage(file + ":1: begins with a byte order mark; save it as UTF-8 without one");

        file(ETC, "[rz0]", "priority = 1\r");
        assertThatThrownBy(this::load)
                .hasMessage(
                        file + ":2: ends in a carriage return; save the file with Unix line ends (sed -i 's/\\r$//')");

        file(ETC, "[rz0]", "priority = 1\u00002");
        assertThatThrownBy(this::load).hasMessage(file + ":2: has a control character in it; remove it");

        Files.write(file, "[rz0]\n# größer\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(this::load).hasMessage(file + ": is not a text in UTF-8");
    }

    @Test
    @Timeout(60)
    void shouldRefuseAFileThatIsMuchTooLong() throws IOException {
        Path file = root.resolve("long.conf");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 40);
        }

        assertThatThrownBy(() ->
                        Configuration.from(ConfigFiles.at(file), RAM_BYTES).load())
                .isInstanceOf(ConfigException.class)
                .hasMessage(file + ": is longer than 1024 kB, and no configuration");
    }

    @Test
    void shouldRefuseWhatIsNoFile() throws IOException {
        Path file = root.resolve(ETC);
        Files.createDirectories(file);
        assertThatThrownBy(this::load).hasMessage(file + ": is a directory; a file is expected");

        Files.delete(file);
        Files.write(file, new byte[(1 << 20) + 1]);
        assertThatThrownBy(this::load).hasMessage(file + ": is longer than 1024 kB, and no configuration");

        Path absent = root.resolve("absent.conf");
        assertThatThrownBy(() ->
                        Configuration.from(ConfigFiles.at(absent), RAM_BYTES).load())
                .hasMessage(absent + ": there is no such file");
    }

    private Configuration load() throws ConfigException {
        return Configuration.from(ConfigFiles.under(root), RAM_BYTES).load();
    }

    private Path file(String name, String... lines) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, String.join("\n", lines) + "\n");
    }
}
