package io.ramzswap.setting;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The settings there are, in the order in which users see them. Immutable. */
public final class SettingSet implements Iterable<Setting<?>> {
    private final List<Setting<?>> settings;

    private SettingSet(List<Setting<?>> settings) {
        this.settings = List.copyOf(settings);
    }

    /** A set of these settings, in this order. */
    public static SettingSet of(Setting<?>... settings) {
        return new SettingSet(List.of(settings));
    }

    /** This set with one more setting at its end. */
    public SettingSet plus(Setting<?> another) {
        List<Setting<?>> more = new ArrayList<>(settings);
        more.add(another);
        return new SettingSet(more);
    }

    @Override
    public Iterator<Setting<?>> iterator() {
        return settings.iterator();
    }

    /** All names. */
    public List<String> names() {
        return settings.stream().map(Setting::name).toList();
    }

    /** The setting of that name. */
    public Optional<Setting<?>> named(String name) {
        return settings.stream().filter(setting -> setting.name().equals(name)).findFirst();
    }

    /** The setting that an operation of the control protocol sets; its parts come with it. */
    public Optional<Setting<?>> setBy(String operation) {
        return settings.stream()
                .filter(setting -> setting.partOf().isEmpty())
                .filter(setting -> setting.wire()
                        .filter(wire -> wire.operation().equals(operation))
                        .isPresent())
                .findFirst();
    }

    /** The settings that are details of {@code leader}. */
    public List<Setting<?>> partsOf(Setting<?> leader) {
        return settings.stream()
                .filter(setting -> setting.partOf().filter(leader::equals).isPresent())
                .toList();
    }
}
