package io.ramzswap.setting;

import java.util.Map;

/** On or off. */
public record OnOff(String noun) implements SettingType<Boolean> {
    private static boolean isKnown(String text) {
        return text.equals("on") || text.equals("off");
    }

    @Override
    public Boolean fromOption(String text) {
        if (!isKnown(text)) {
            throw new IllegalArgumentException("'" + text + "' is neither on nor off");
        }
        return text.equals("on");
    }

    @Override
    public Boolean fromConfig(String text, Map<String, Long> variables) {
        if (!isKnown(text)) {
            throw new IllegalArgumentException("on or off is expected, not '" + text + "'");
        }
        return text.equals("on");
    }

    @Override
    public Object toWire(Boolean value) {
        return value;
    }

    @Override
    public Class<?> wireClass() {
        return Boolean.class;
    }

    @Override
    public Boolean fromWire(Object member) {
        return (Boolean) member;
    }

    @Override
    public String wireComplaint() {
        return noun + " is missing, or goes with no such operation";
    }

    @Override
    public String spoken(Boolean value) {
        return value ? "on" : "off";
    }

    @Override
    public String range() {
        return "on or off";
    }
}
