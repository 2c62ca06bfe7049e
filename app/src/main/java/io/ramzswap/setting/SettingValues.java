package io.ramzswap.setting;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Settings with their values. Those that are not here have no value, or their default. Immutable. */
public final class SettingValues {
    /** No setting has a value. */
    public static final SettingValues NONE = new SettingValues(Map.of());

    private final Map<Setting<?>, Object> values;

    private SettingValues(Map<Setting<?>, Object> values) {
        this.values = values;
    }

    /** One setting with its value. */
    public static <T> SettingValues of(Setting<T> setting, T value) {
        return NONE.with(setting, value);
    }

    /** Returns these values, with this value of {@code setting}. */
    public <T> SettingValues with(Setting<T> setting, T value) {
        Map<Setting<?>, Object> more = new LinkedHashMap<>(values);
        more.put(setting, value);
        return new SettingValues(Collections.unmodifiableMap(more));
    }

    /** Returns these values without that of {@code setting}. */
    public SettingValues without(Setting<?> setting) {
        Map<Setting<?>, Object> less = new LinkedHashMap<>(values);
        less.remove(setting);
        return new SettingValues(Collections.unmodifiableMap(less));
    }

    /** Returns these values, with that of {@code setting} in {@code other} if there is one. */
    public <T> SettingValues withThatOf(Setting<T> setting, SettingValues other) {
        return other.get(setting).map(value -> with(setting, value)).orElse(this);
    }

    /** The value of {@code setting}, if there is one here. */
    @SuppressWarnings("unchecked") // with() puts values of its type only
    public <T> Optional<T> get(Setting<T> setting) {
        return Optional.ofNullable((T) values.get(setting));
    }

    /** The amount that {@code setting} has, if there is one here. */
    public OptionalLong amount(Setting<Long> setting) {
        return get(setting).map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    /** The value of {@code setting}, or its default, which depends on nothing. */
    public <T> T orDefault(Setting<T> setting) {
        return get(setting).orElseGet(() -> setting.defaultValue(Map.of()));
    }

    /** Whether {@code setting} has a value here. */
    public boolean has(Setting<?> setting) {
        return values.containsKey(setting);
    }

    /** The settings that have a value here. */
    public Set<Setting<?>> settings() {
        return values.keySet();
    }

    /** Returns these values, and those of {@code earlier} that are absent here and no details of one that is present. */
    public SettingValues over(SettingValues earlier) {
        Map<Setting<?>, Object> all = new LinkedHashMap<>(earlier.values);
        all.keySet()
                .removeIf(
                        setting -> setting.partOf().filter(values::containsKey).isPresent());
        all.putAll(values);
        return new SettingValues(Collections.unmodifiableMap(all));
    }

    /** The settings whose values differ from those in {@code other}. */
    public List<Setting<?>> differences(SettingValues other) {
        Set<Setting<?>> all = new LinkedHashSet<>(values.keySet());
        all.addAll(other.values.keySet());
        List<Setting<?>> differing = new ArrayList<>();
        for (Setting<?> setting : all) {
            if (!get(setting).equals(other.get(setting))) {
                differing.add(setting);
            }
        }
        return differing;
    }

    /** The value of {@code setting} as messages name it. */
    public <T> String spoken(Setting<T> setting) {
        return get(setting).map(setting.type()::spoken).orElseGet(setting::absent);
    }

    /** The value of {@code setting} in the configuration's own words. */
    public <T> String written(Setting<T> setting) {
        return get(setting).map(setting.type()::written).orElseGet(setting::absentWritten);
    }

    /** The value of {@code setting}, which is here, as its option of rzscontrol takes it. */
    public <T> String optionText(Setting<T> setting) {
        return setting.type().optionText(get(setting).orElseThrow());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SettingValues that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
