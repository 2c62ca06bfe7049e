package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatsCommandTest {
    @TempDir
    private Path directory;

    private PlayedDaemon daemon;

    @BeforeEach
    void start() throws IOException {
        daemon = new PlayedDaemon(directory, "/dev/nbd0", "/dev/nbd1", "/dev/nbd2");
        daemon.rzscontrol("/dev/nbd0", "--init", "-m", "8192");
        daemon.rzscontrol("/dev/nbd1", "--init");
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void shouldPrintForOneDeviceWhatTheOptionOf2009Prints() {
        assertThat(daemon.rzscontrol("stats", "/dev/nbd0")).isEqualTo(daemon.rzscontrol("/dev/nbd0", "--stats"));
    }

    @Test
    void shouldPrintAllDevicesUnderTheirNames() {
        String first = daemon.rzscontrol("/dev/nbd0", "--stats").out();
        String second = daemon.rzscontrol("/dev/nbd1", "--stats").out();

        assertThat(daemon.rzscontrol("stats"))
                .isEqualTo(new Run(0, "/dev/nbd0:\n" + first + "\n/dev/nbd1:\n" + second, ""));
    }

    @Test
    void shouldPrintMoreWhenVerbose() {
        assertThat(daemon.rzscontrol("stats", "/dev/nbd0", "--verbose").out())
                .contains("CorruptPages:\t", "IoFlusherThreads:\t");
    }

    @Test
    void shouldPrintJson() {
        JsonObject answer = json("stats", "--json");

        assertThat(answer.getAsJsonArray("devices")).hasSize(2);
        JsonObject device = answer.getAsJsonArray("devices").get(0).getAsJsonObject();
        assertThat(device.get("name").getAsString()).isEqualTo("/dev/nbd0");
        assertThat(device.get("memLimitBytes").getAsLong()).isEqualTo(8 << 20);
        assertThat(device.get("notifyFree").getAsLong()).isEqualTo(6);
        assertThat(answer.getAsJsonObject("daemon").get("ownBytes").getAsLong()).isPositive();
    }

    @Test
    void shouldPrintJsonOfOneDevice() {
        JsonObject answer = json("stats", "/dev/nbd1", "--json");

        assertThat(answer.getAsJsonArray("devices")).hasSize(1);
        assertThat(answer.getAsJsonArray("devices")
                        .get(0)
                        .getAsJsonObject()
                        .get("name")
                        .getAsString())
                .isEqualTo("/dev/nbd1");
    }

    @Test
    void shouldFollowALinkToADevice() throws IOException {
        String device =
                Files.createFile(directory.toRealPath().resolve("device")).toString();
        String link = Files.createSymbolicLink(directory.resolve("swap"), Path.of(device))
                .toString();
        try (PlayedDaemon other = new PlayedDaemon(Files.createDirectory(directory.resolve("other")), device)) {
            other.rzscontrol(device, "--init");

            assertThat(other.rzscontrol("stats", link)).isEqualTo(other.rzscontrol(device, "--stats"));
        }
    }

    /** docs/monitoring.md is the promise: every member there is, and none that there is not. */
    @Test
    void shouldHaveTheMembersThatTheManualPromises() throws IOException {
        JsonObject answer = json("stats", "--json");
        Set<String> printed = new TreeSet<>();
        collect(answer.getAsJsonArray("devices").get(0), "devices", printed);
        collect(answer.get("daemon"), "daemon", printed);

        String manual = Files.readString(Path.of("../docs/monitoring.md"));
        Matcher rows = Pattern.compile("^\\| `((?:devices|daemon)\\.[a-zA-Z.]+)` \\|", Pattern.MULTILINE)
                .matcher(manual);
        Set<String> promised = rows.results().map(row -> row.group(1)).collect(Collectors.toCollection(TreeSet::new));

        assertThat(printed).isEqualTo(promised);
    }

    private static void collect(JsonElement element, String name, Set<String> names) {
        if (element.isJsonObject()) {
            element.getAsJsonObject()
                    .entrySet()
                    .forEach(member -> collect(member.getValue(), name + "." + member.getKey(), names));
        } else {
            names.add(name);
        }
    }

    @Test
    void shouldSayWhyADeviceHasNone() {
        assertThat(daemon.rzscontrol("stats", "/dev/nbd2", "--json"))
                .isEqualTo(
                        Run.failed(
                                6,
                                "rzscontrol: /dev/nbd2 has no statistics: it is not initialised; run rzscontrol /dev/nbd2 --init first"));
        assertThat(daemon.rzscontrol("stats", "/dev/sda")).isEqualTo(Run.failed(5, "rzscontrol: no device /dev/sda"));
    }

    @Test
    void shouldRefuseWhatBelongsToTheOtherGrammar() {
        assertThat(daemon.rzscontrol("--init", "stats"))
                .isEqualTo(
                        Run.failed(
                                2,
                                "rzscontrol: --init does not go with the command 'stats'; options of a command follow it; see rzscontrol --help"));
        assertThat(daemon.rzscontrol("/dev/nbd2", "stats"))
                .isEqualTo(
                        Run.failed(
                                2,
                                "rzscontrol: DEVICE does not go with the command 'stats'; options of a command follow it; see rzscontrol --help"));
        assertThat(daemon.rzscontrol("stats", "/dev/nbd2", "--init"))
                .isEqualTo(Run.failed(2, "rzscontrol: Unknown option: '--init'; see rzscontrol stats --help"));
        assertThat(json("stats", "--json").getAsJsonArray("devices")).hasSize(2);
    }

    private JsonObject json(String... arguments) {
        Run run = daemon.rzscontrol(arguments);
        assertThat(run.status()).isZero();
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }
}
