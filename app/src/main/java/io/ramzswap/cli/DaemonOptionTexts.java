package io.ramzswap.cli;

import io.ramzswap.setting.Setting;
import io.ramzswap.setting.Setting.OptionForm;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.setting.catalogue.DaemonCatalogue;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** The options of ramzswapd that give settings of the daemon as a whole. A mixin of the command. */
final class DaemonOptionTexts {
    private final Map<Setting<?>, String> texts = new HashMap<>();

    /** Adds the options to the command that picocli makes of this object. */
    @Spec
    void addTo(CommandSpec command) {
        for (Setting<?> setting : DaemonCatalogue.ALL) {
            setting.daemonOption().ifPresent(shown -> command.addOption(option(setting, shown)));
        }
    }

    private OptionSpec option(Setting<?> setting, OptionForm shown) {
        ISetter setter = new ISetter() {
            @Override
            public <T> T set(T text) {
                texts.put(setting, (String) text);
                return null;
            }
        };
        return SettingOptions.spec(shown, setter).type(String.class).build();
    }

    /** Whether the command line gives {@code setting}. */
    boolean gives(Setting<?> setting) {
        return texts.get(setting) != null;
    }

    /**
     * The settings that the command line gives.
     *
     * @throws IllegalArgumentException if a value is none, with what is wrong
     */
    SettingValues values() {
        SettingValues values = SettingValues.NONE;
        for (Setting<?> setting : DaemonCatalogue.ALL) {
            if (gives(setting)) {
                values = read(setting, values);
            }
        }
        return values;
    }

    private <T> SettingValues read(Setting<T> setting, SettingValues values) {
        try {
            return values.with(setting, setting.type().fromOption(texts.get(setting)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--" + setting + " takes " + e.getMessage(), e);
        }
    }
}
