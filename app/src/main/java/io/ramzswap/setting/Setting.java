package io.ramzswap.setting;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One setting: its name, its values, its default, the time at which it may change, and its help. Two settings are the same if
 * they are the same object.
 *
 * @param <T> its values
 */
public final class Setting<T> {
    /** The word for no value in the configuration. */
    public static final String NO_VALUE = "none";

    private final String name;
    private final SettingType<T> type;
    private final Change change;
    private final String help;
    private final Optional<String> fallback;
    private final Optional<String> absent;
    private final Optional<String> absentWritten;
    private final boolean noneAllowed;
    private final Optional<Setting<?>> partOf;
    private final Optional<Setting<?>> needs;
    private final Optional<OptionForm> option;
    private final Optional<OptionForm> daemonOption;
    private final Optional<Wire> wire;

    /**
     * The form of a setting on a command line.
     *
     * @param names as in --compressor
     * @param label of its value in the help
     * @param help the whole text that the option shows
     */
    public record OptionForm(List<String> names, String label, String help) {
        /** The names are not to be changed. */
        public OptionForm {
            names = List.copyOf(names);
        }

        /** The name that is longest, without its dashes. */
        public String word() {
            String last = names.get(names.size() - 1);
            return last.substring(2);
        }
    }

    /**
     * The form of a setting in the control protocol.
     *
     * @param operation that sets it
     * @param member of the message that holds the value
     */
    public record Wire(String operation, String member) {}

    private Setting(Builder<T> builder) {
        this.name = builder.name;
        this.type = builder.type;
        this.change = builder.change;
        this.help = builder.help;
        this.fallback = builder.fallback;
        this.absent = builder.absent;
        this.absentWritten = builder.absentWritten;
        this.noneAllowed = builder.noneAllowed;
        this.partOf = builder.partOf;
        this.needs = builder.needs;
        this.option = builder.option;
        this.daemonOption = builder.daemonOption;
        this.wire = builder.wire;
    }

    /**
     * Begins the definition of a setting.
     *
     * @param name as the configuration has it
     * @param help one sentence or a few, for all manuals
     */
    public static <T> Builder<T> named(String name, SettingType<T> type, Change change, String help) {
        return new Builder<>(name, type, change, help);
    }

    /** The name in the configuration and in messages. */
    public String name() {
        return name;
    }

    /** The type of its values. */
    public SettingType<T> type() {
        return type;
    }

    /** The time at which it may change. */
    public Change change() {
        return change;
    }

    /** The help for all manuals. */
    public String help() {
        return help;
    }

    /** The default in the configuration's own words; empty if a value may be absent, or depends on the device. */
    public Optional<String> fallback() {
        return fallback;
    }

    /**
     * The default, of a setting that has one.
     *
     * @param variables the names that its expression may use
     */
    public T defaultValue(Map<String, Long> variables) {
        return type.fromConfig(fallback.orElseThrow(), variables);
    }

    /** The words that stand for an absent value in messages. */
    public String absent() {
        return absent.orElse(NO_VALUE);
    }

    /** The words that stand for an absent value in a list of all values. */
    public String absentWritten() {
        return absentWritten.orElse(NO_VALUE);
    }

    /** Whether the configuration may say {@link #NO_VALUE}. */
    public boolean mayBeNone() {
        return noneAllowed;
    }

    /** The setting of which this one is a detail: both go together in one control message, and a new one forgets this one. */
    public Optional<Setting<?>> partOf() {
        return partOf;
    }

    /** The setting without which this one has no effect in the configuration. */
    public Optional<Setting<?>> needs() {
        return partOf.or(() -> needs);
    }

    /** Its option of rzscontrol, if it has one. */
    public Optional<OptionForm> option() {
        return option;
    }

    /** Its option of ramzswapd, if it has one. */
    public Optional<OptionForm> daemonOption() {
        return daemonOption;
    }

    /** Its form in the control protocol, if it can be sent. */
    public Optional<Wire> wire() {
        return wire;
    }

    /** The name as part of a sentence. */
    public String words() {
        return name.replace('-', ' ');
    }

    @Override
    public String toString() {
        return name;
    }

    /** The definition of a setting. */
    public static final class Builder<T> {
        private final String name;
        private final SettingType<T> type;
        private final Change change;
        private final String help;
        private Optional<String> fallback = Optional.empty();
        private Optional<String> absent = Optional.empty();
        private Optional<String> absentWritten = Optional.empty();
        private boolean noneAllowed;
        private Optional<Setting<?>> partOf = Optional.empty();
        private Optional<Setting<?>> needs = Optional.empty();
        private Optional<OptionForm> option = Optional.empty();
        private Optional<OptionForm> daemonOption = Optional.empty();
        private Optional<Wire> wire = Optional.empty();

        private Builder(String name, SettingType<T> type, Change change, String help) {
            this.name = Objects.requireNonNull(name);
            this.type = Objects.requireNonNull(type);
            this.change = Objects.requireNonNull(change);
            this.help = Objects.requireNonNull(help);
        }

        /** Gives it a default, in the configuration's own words. */
        public Builder<T> fallback(String written) {
            fallback = Optional.of(written);
            return this;
        }

        /** Gives it words for an absent value, in messages and in a list of all values. */
        public Builder<T> absent(String spoken, String written) {
            absent = Optional.of(spoken);
            absentWritten = Optional.of(written);
            return this;
        }

        /** Lets the configuration say {@link Setting#NO_VALUE}. */
        public Builder<T> mayBeNone() {
            noneAllowed = true;
            return this;
        }

        /** Makes it a detail of {@code leader}. */
        public Builder<T> partOf(Setting<?> leader) {
            partOf = Optional.of(leader);
            return this;
        }

        /** Lets the configuration give it only together with {@code other}. */
        public Builder<T> needs(Setting<?> other) {
            needs = Optional.of(other);
            return this;
        }

        /** Gives it an option of rzscontrol, whose help is that of the setting. */
        public Builder<T> option(String label, String... names) {
            return optionWithHelp(help, label, names);
        }

        /** Gives it an option of rzscontrol with a help of its own, because the option takes another unit. */
        public Builder<T> optionWithHelp(String text, String label, String... names) {
            String fixed = change == Change.AT_INIT && partOf.isEmpty() ? " Fixed once initialised." : "";
            option = Optional.of(new OptionForm(List.of(names), label, text + fixed));
            return this;
        }

        /** Gives it an option of ramzswapd, whose help is that of the setting. */
        public Builder<T> daemonOption(String label, String... names) {
            return daemonOptionWithHelp(help, label, names);
        }

        /** Gives it an option of ramzswapd with a help of its own, because the option takes another unit. */
        public Builder<T> daemonOptionWithHelp(String text, String label, String... names) {
            daemonOption = Optional.of(new OptionForm(List.of(names), label, text));
            return this;
        }

        /** Lets the control protocol carry it. */
        public Builder<T> wire(String operation, String member) {
            wire = Optional.of(new Wire(operation, member));
            return this;
        }

        /** Completes the definition. */
        public Setting<T> build() {
            return new Setting<>(this);
        }
    }
}
