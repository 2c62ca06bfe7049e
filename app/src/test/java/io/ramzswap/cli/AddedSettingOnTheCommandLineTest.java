package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.setting.AddedSetting;
import io.ramzswap.setting.Setting;
import io.ramzswap.setting.SettingSet;
import io.ramzswap.setting.catalogue.DaemonCatalogue;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.AutoComplete;
import picocli.CommandLine;

class AddedSettingOnTheCommandLineTest {
    private static final Path PAGE = Path.of("src/main/man/ramzswap.conf.5");

    private final SettingSet settings = AddedSetting.with(AddedSetting.GRAIN);

    @Test
    void shouldHaveAnOptionForASettingThatWasAddedToTheCatalogueAlone() {
        assertThat(Run.of(new RzscontrolCommand(settings), "--help").out())
                .contains("--grain=N")
                .contains("The grain of the pages.");
        assertThat(AutoComplete.bash("rzscontrol", new CommandLine(new RzscontrolCommand(settings))))
                .contains("'--grain'");
        assertThat(String.join(
                        "\n",
                        new ManualSections(new CommandLine(new RzscontrolCommand(settings)).getCommandSpec())
                                .options()))
                .contains("grain");
    }

    @Test
    void shouldReadItsValue() {
        SettingOptions options = new SettingOptions(settings, Setting::option, new FromOption());
        CommandLine line = new CommandLine(CommandLine.Model.CommandSpec.create());
        options.addTo(line.getCommandSpec());

        line.parseArgs("--grain=7", "--compressor=zstd");

        assertThat(options.values().get(AddedSetting.GRAIN)).hasValue(7);
        assertThat(options.values().settings()).containsExactly(DeviceCatalogue.COMPRESSOR, AddedSetting.GRAIN);
    }

    @Test
    void shouldRefuseItsValuesThatAreNone() {
        assertThat(Run.of(new RzscontrolCommand(settings), "/dev/nbd0", "--grain=10"))
                .isEqualTo(Run.failed(
                        2,
                        "rzscontrol: Invalid value for option '--grain': a whole number, 1 to 9, is expected, not '10';"
                                + " see rzscontrol --help"));
    }

    @Test
    void shouldStandInTheManualOfTheConfiguration() throws IOException {
        List<String> lines = new ManualKeys(settings, DaemonCatalogue.ALL).expand(Files.readAllLines(PAGE));

        assertThat(lines)
                .containsSequence(".B grain", "The grain of the pages.", "Takes 1 to 9.", "Default: 3.")
                .noneMatch(line -> line.startsWith("@"));
        for (SettingSet section : List.of(settings, DaemonCatalogue.ALL)) {
            for (String name : section.names()) {
                assertThat(String.join("\n", lines)).containsOnlyOnce(".TP\n.B " + name.replace("-", "\\-") + "\n");
            }
        }
    }

    /** Reads values as rzscontrol does. */
    private static final class FromOption implements SettingOptions.Reader {
        @Override
        public <T> T read(Setting<T> setting, String text) {
            return setting.type().fromOption(text);
        }
    }
}
