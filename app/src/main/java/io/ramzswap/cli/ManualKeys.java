package io.ramzswap.cli;

import io.ramzswap.setting.Setting;
import io.ramzswap.setting.SettingSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The keys of the configuration, in man(7). A line {@code @key NAME@} of the page stands for what the setting knows of itself;
 * more about it may follow. A line {@code @keys@} stands for the keys of which the page says no more.
 */
final class ManualKeys {
    private static final String KEY = "@key ";
    private static final String REST = "@keys@";

    private final List<SettingSet> sections;

    /** In the order in which the page has {@code @keys@} lines. */
    ManualKeys(SettingSet... sections) {
        this.sections = List.of(sections);
    }

    /** The lines of a page, expanded. */
    List<String> expand(List<String> page) {
        Set<Setting<?>> told = new HashSet<>();
        List<String> lines = new ArrayList<>();
        int section = 0;
        for (String line : page) {
            if (line.startsWith(KEY)) {
                Setting<?> setting = find(line.substring(KEY.length(), line.length() - 1));
                told.add(setting);
                lines.addAll(entry(setting));
            } else if (line.equals(REST)) {
                for (Setting<?> setting : sections.get(section)) {
                    if (told.add(setting)) {
                        lines.addAll(entry(setting));
                    }
                }
                section++;
            } else {
                lines.add(line);
            }
        }
        if (section != sections.size()) {
            throw new IllegalStateException("the page has " + section + " lines " + REST + ", not " + sections.size());
        }
        return lines;
    }

    private Setting<?> find(String name) {
        return sections.stream()
                .flatMap(section -> section.named(name).stream())
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("the page tells of a setting " + name + ", and there is none"));
    }

    private static List<String> entry(Setting<?> setting) {
        List<String> lines = new ArrayList<>(List.of(".TP", ".B " + roff(setting.name()), roff(setting.help())));
        if (!setting.type().range().isEmpty()) {
            String none = setting.mayBeNone() ? ", or " + Setting.NO_VALUE : "";
            lines.add(roff("Takes " + setting.type().range() + none + "."));
            setting.fallback().ifPresent(fallback -> lines.add(roff("Default: " + fallback + ".")));
        }
        return lines;
    }

    private static String roff(String text) {
        return ManualSections.roff(text);
    }
}
