package io.ramzswap.control;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ramzswap.setting.Setting;
import io.ramzswap.setting.SettingSet;
import io.ramzswap.setting.SettingValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Settings as members of control messages: a loop over the settings that can be sent. Several settings may share a member, of
 * which the operation tells the meaning.
 */
final class SettingCodec {
    private final Gson gson;
    private final SettingSet settings;

    SettingCodec(Gson gson, SettingSet settings) {
        this.gson = gson;
        this.settings = settings;
    }

    /** The setting that an operation sets, if it sets one. */
    Optional<Setting<?>> setBy(String operation) {
        return settings.setBy(operation);
    }

    /** The operation that sets {@code setting}. */
    static String operation(Setting<?> setting) {
        return setting.wire().orElseThrow().operation();
    }

    /** Adds the value of {@code setting}, and those of its parts with their defaults filled in. */
    void add(Setting<?> setting, SettingValues values, JsonObject message) {
        for (Setting<?> member : group(setting)) {
            addMember(member, values, message);
        }
    }

    private <T> void addMember(Setting<T> setting, SettingValues values, JsonObject message) {
        T value = values.orDefault(setting);
        message.add(
                setting.wire().orElseThrow().member(),
                gson.toJsonTree(setting.type().toWire(value)));
    }

    /**
     * Reads the value of the setting that the operation sets, and those of its parts.
     *
     * @param setting empty if the operation sets none; then there must be no member of any setting
     */
    SettingValues read(Optional<Setting<?>> setting, JsonObject message) throws MalformedMessageException {
        List<Setting<?>> group = setting.map(this::group).orElse(List.of());
        for (Setting<?> known : settings) {
            if (known.wire().isPresent() && has(message, known) && !belongs(known, group)) {
                throw new MalformedMessageException(known.type().wireComplaint());
            }
        }
        SettingValues values = SettingValues.NONE;
        for (Setting<?> member : group) {
            if (has(message, member)) {
                values = readMember(member, message, values);
            } else if (member.partOf().isEmpty()) {
                throw new MalformedMessageException(member.type().wireComplaint());
            } else {
                values = withDefault(member, values);
            }
        }
        return values;
    }

    private <T> SettingValues readMember(Setting<T> setting, JsonObject message, SettingValues values)
            throws MalformedMessageException {
        // As text, because a number that was read already is cut to a long without an error.
        Object member = gson.fromJson(
                element(message, setting).toString(), setting.type().wireClass());
        try {
            return values.with(setting, setting.type().fromWire(member));
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(e.getMessage(), e);
        }
    }

    private static <T> SettingValues withDefault(Setting<T> setting, SettingValues values) {
        return values.with(setting, values.orDefault(setting));
    }

    private List<Setting<?>> group(Setting<?> leader) {
        List<Setting<?>> group = new ArrayList<>(List.of(leader));
        group.addAll(settings.partsOf(leader));
        return group;
    }

    /** Whether one of {@code group} has the same member. */
    private static boolean belongs(Setting<?> setting, List<Setting<?>> group) {
        return group.stream().anyMatch(other -> member(other).equals(member(setting)));
    }

    private static boolean has(JsonObject message, Setting<?> setting) {
        JsonElement element = element(message, setting);
        return element != null && !element.isJsonNull();
    }

    private static JsonElement element(JsonObject message, Setting<?> setting) {
        return message.get(member(setting));
    }

    private static String member(Setting<?> setting) {
        return setting.wire().orElseThrow().member();
    }
}
