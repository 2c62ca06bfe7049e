package io.ramzswap.setting;

import java.util.Map;

/** A whole number in a range. */
public record WholeNumber(int least, int most) implements SettingType<Integer> {
    @Override
    public Integer fromOption(String text) {
        int number = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
        if (number < least || number > most) {
            throw new IllegalArgumentException(
                    "a whole number, " + least + " to " + most + ", is expected, not '" + text + "'");
        }
        return number;
    }

    @Override
    public Integer fromConfig(String text, Map<String, Long> variables) {
        return fromOption(text);
    }

    @Override
    public Object toWire(Integer value) {
        return (long) value;
    }

    @Override
    public Class<?> wireClass() {
        return Long.class;
    }

    @Override
    public Integer fromWire(Object member) {
        return fromOption(member.toString());
    }

    @Override
    public String wireComplaint() {
        return "a whole number, " + least + " to " + most + ", is missing, or goes with no such operation";
    }

    @Override
    public String spoken(Integer value) {
        return value.toString();
    }

    @Override
    public String range() {
        return least + " to " + most;
    }
}
