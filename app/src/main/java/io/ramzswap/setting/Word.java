package io.ramzswap.setting;

import java.util.Map;
import java.util.function.Function;

/**
 * A value that has a parser and a text of its own, and does not go over the control socket.
 *
 * @param parser reads it, or throws an {@link IllegalArgumentException} with what is expected
 * @param writer writes what the parser reads
 * @param range of values, for the manual
 */
public record Word<T>(Function<String, T> parser, Function<T, String> writer, String range) implements SettingType<T> {
    @Override
    public T fromOption(String text) {
        return parser.apply(text);
    }

    @Override
    public T fromConfig(String text, Map<String, Long> variables) {
        return parser.apply(text);
    }

    @Override
    public Object toWire(T value) {
        return writer.apply(value);
    }

    @Override
    public Class<?> wireClass() {
        return String.class;
    }

    @Override
    public T fromWire(Object member) {
        return parser.apply((String) member);
    }

    @Override
    public String wireComplaint() {
        return "a value, " + range + ", is missing, or goes with no such operation";
    }

    @Override
    public String spoken(T value) {
        return writer.apply(value);
    }
}
