package io.ramzswap.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.attach.FakePoint;
import io.ramzswap.config.ConfigFiles;
import io.ramzswap.config.Configuration;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.setting.AddedSetting;
import io.ramzswap.setting.Setting;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.swap.FakeSwapAreas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddedSettingAtReloadTest {
    private static final String DEVICE = "/dev/nbd0";
    private static final long RAM_BYTES = 1L << 30;

    private final DeviceRegistry devices = new DeviceRegistry(
            Map.of(DEVICE, new FakePoint(DEVICE))::get, new FakeStores(), new SettingsPolicy(RAM_BYTES));

    @TempDir
    private Path directory;

    @Test
    void shouldReadTheDefaultAndTheValueOfASettingThatWasAddedToTheCatalogueAlone() throws Exception {
        configure("grain = 7");
        assertThat(source(AddedSetting.GRAIN).load().devices().get(0).values().get(AddedSetting.GRAIN))
                .hasValue(7);

        configure("priority = 1");
        assertThat(source(AddedSetting.GRAIN).load().devices().get(0).values().get(AddedSetting.GRAIN))
                .hasValue(3);
    }

    @Test
    void shouldRefuseItsValuesThatAreNone() throws IOException {
        configure("grain = 10");

        assertThatThrownBy(() -> source(AddedSetting.GRAIN).load())
                .hasMessage(file() + ":2: grain: a whole number, 1 to 9, is expected, not '10'");
    }

    @Test
    void shouldApplyItAtAReload() throws Exception {
        ConfiguredDevices configured = configured(AddedSetting.GRAIN);
        configure("grain = 7");
        configured.start();

        configure("grain = 5");

        assertThat(configured.reload()).containsExactly(DEVICE + " has a grain of 5 now");
        assertThat(configured.reload()).isEmpty();
    }

    @Test
    void shouldSayThatItDiffersIfItIsFixed() throws Exception {
        ConfiguredDevices configured = configured(AddedSetting.FIXED_GRAIN);
        configure("grain = 7");
        configured.start();

        configure("grain = 5");

        assertThat(configured.reload())
                .containsExactly(DEVICE
                        + " keeps its grain, 7 and not 5: restart the daemon to apply it (systemctl restart ramzswap)");
    }

    @Test
    void shouldRefuseToChangeItInADeviceInUseIfItIsFixed() throws OperationException {
        devices.init(DEVICE);
        RequestedSettings grain = new RequestedSettings(SettingValues.of(AddedSetting.FIXED_GRAIN, 5));

        assertThatThrownBy(() -> devices.carryOut(DEVICE, DeviceRequest.of(grain)))
                .hasMessageStartingWith(DEVICE + " is initialised: the grain is fixed;");
    }

    private ConfiguredDevices configured(Setting<?> added) {
        return new ConfiguredDevices(Optional.of(source(added)), devices, new FakeSwapAreas());
    }

    private Configuration.Source source(Setting<?> added) {
        return Configuration.from(ConfigFiles.at(file()), RAM_BYTES, AddedSetting.with(added));
    }

    private void configure(String line) throws IOException {
        Files.writeString(file(), "[rz0]\n" + line + "\n");
    }

    private Path file() {
        return directory.resolve("ramzswap.conf");
    }
}
