package io.ramzswap.cli;

import io.ramzswap.setting.Setting;
import io.ramzswap.setting.Setting.OptionForm;
import io.ramzswap.setting.SettingSet;
import io.ramzswap.setting.SettingValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options that give settings, made from the settings themselves. A mixin of a command. */
final class SettingOptions {
    private final SettingSet settings;
    private final Function<Setting<?>, Optional<OptionForm>> form;
    private final Reader reader;
    private final Map<Setting<?>, Given<?>> given = new LinkedHashMap<>();

    /** Reads the value of an option. */
    @FunctionalInterface
    interface Reader {
        /**
         * Reads one.
         *
         * @throws IllegalArgumentException if it is none, with what is wrong
         */
        <T> T read(Setting<T> setting, String text);
    }

    /** The value of an option on the command line. */
    private static final class Given<T> implements ISetter {
        private final Setting<T> setting;
        private Optional<T> value = Optional.empty();

        Given(Setting<T> setting) {
            this.setting = setting;
        }

        /** Picocli passes null before it parses. */
        @Override
        @SuppressWarnings("unchecked") // the converter makes values of the setting's type
        public <V> V set(V given) {
            value = Optional.ofNullable((T) given);
            return null;
        }

        SettingValues addTo(SettingValues values) {
            return value.map(present -> values.with(setting, present)).orElse(values);
        }
    }

    /**
     * The options of these settings.
     *
     * @param form of a setting on this command line, if it has one
     */
    SettingOptions(SettingSet settings, Function<Setting<?>, Optional<OptionForm>> form, Reader reader) {
        this.settings = settings;
        this.form = form;
        this.reader = reader;
    }

    /** Adds the options to the command that picocli makes of this object. */
    @Spec
    void addTo(CommandSpec command) {
        for (Setting<?> setting : settings) {
            form.apply(setting).ifPresent(shown -> command.addOption(option(setting, shown)));
        }
    }

    private <T> OptionSpec option(Setting<T> setting, OptionForm shown) {
        Given<T> value = new Given<>(setting);
        given.put(setting, value);
        return spec(shown, value)
                .type(Object.class)
                .converters(text -> convert(setting, text))
                .build();
    }

    /** An option of this form, as yet without a type. */
    static OptionSpec.Builder spec(OptionForm shown, ISetter setter) {
        return OptionSpec.builder(shown.names().toArray(String[]::new))
                .paramLabel(shown.label())
                .arity("1")
                .setter(setter)
                .description(shown.help().replace("%", "%%"));
    }

    private <T> T convert(Setting<T> setting, String text) {
        try {
            return reader.read(setting, text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /** The settings that the command line gives. */
    SettingValues values() {
        SettingValues values = SettingValues.NONE;
        for (Given<?> one : given.values()) {
            values = one.addTo(values);
        }
        return values;
    }

    /** The names of all options, for messages: "--a, --b and --c". */
    String names() {
        List<String> names = new ArrayList<>();
        for (Setting<?> setting : given.keySet()) {
            names.add("--" + form.apply(setting).orElseThrow().word());
        }
        int last = names.size() - 1;
        return String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }
}
