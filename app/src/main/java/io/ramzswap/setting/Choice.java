package io.ramzswap.setting;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** One of several values, each with a name. */
public final class Choice<T> implements SettingType<T> {
    private final String noun;
    private final List<T> values;
    private final Function<T, String> label;
    private final Function<List<String>, String> expected;

    private Choice(String noun, List<T> values, Function<T, String> label, Function<List<String>, String> expected) {
        this.noun = noun;
        this.values = List.copyOf(values);
        this.label = label;
        this.expected = expected;
    }

    /**
     * A choice among {@code values}.
     *
     * @param noun for messages, as in "no compressor"
     */
    public static <T> Choice<T> of(String noun, T[] values, Function<T, String> label) {
        return new Choice<>(noun, List.of(values), label, labels -> "one of " + String.join(", ", labels));
    }

    /** The same, of which the configuration's messages say "a, b or c". */
    public static <T> Choice<T> ofWords(String noun, T[] values, Function<T, String> label) {
        return new Choice<>(
                noun,
                List.of(values),
                label,
                labels -> String.join(", ", labels.subList(0, labels.size() - 1)) + " or "
                        + labels.get(labels.size() - 1));
    }

    /** The names of all values. */
    public List<String> labels() {
        return values.stream().map(label).toList();
    }

    private Optional<T> find(String text) {
        return values.stream().filter(value -> label.apply(value).equals(text)).findFirst();
    }

    private String list() {
        return String.join(", ", labels());
    }

    @Override
    public T fromOption(String text) {
        return find(text)
                .orElseThrow(
                        () -> new IllegalArgumentException("'" + text + "' is no " + noun + ": there are " + list()));
    }

    @Override
    public T fromConfig(String text, Map<String, Long> variables) {
        return find(text)
                .orElseThrow(() ->
                        new IllegalArgumentException(expected.apply(labels()) + " is expected, not '" + text + "'"));
    }

    @Override
    public Object toWire(T value) {
        return label.apply(value);
    }

    @Override
    public Class<?> wireClass() {
        return String.class;
    }

    @Override
    public T fromWire(Object member) {
        return find((String) member).orElseThrow(() -> new IllegalArgumentException(wireComplaint()));
    }

    @Override
    public String wireComplaint() {
        return "the " + noun + " is missing, unknown, or goes with no such operation; there are " + list();
    }

    @Override
    public String spoken(T value) {
        return label.apply(value);
    }

    @Override
    public String range() {
        return "";
    }
}
