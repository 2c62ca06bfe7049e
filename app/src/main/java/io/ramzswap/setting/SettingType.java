package io.ramzswap.setting;

import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The values that a setting can have, and how users and programs write them. A value that cannot be read is an {@link
 * IllegalArgumentException}, whose message says what is expected.
 */
public interface SettingType<T> {
    /** Reads a value as on rzscontrol's command line. */
    T fromOption(String text);

    /**
     * Reads a value as on ramzswapd's command line.
     *
     * @param ramBytes the memory of the machine, of which a value may be a share
     */
    default T fromDaemonOption(String text, LongSupplier ramBytes) {
        return fromOption(text);
    }

    /**
     * Reads a value as in the configuration.
     *
     * @param variables the names that an expression may use
     */
    T fromConfig(String text, Map<String, Long> variables);

    /** The member of a control message: a String, a Long or a Boolean. */
    Object toWire(T value);

    /** The class of {@link #toWire}'s values. */
    Class<?> wireClass();

    /** Reads the member of a control message. */
    T fromWire(Object member);

    /** A complaint about a control message in which the value is missing, unknown, or does not belong. */
    String wireComplaint();

    /** The value as messages name it, as in "4096 kB". */
    String spoken(T value);

    /** The value in the configuration's own words, as in "4096K". */
    default String written(T value) {
        return spoken(value);
    }

    /** The value as rzscontrol's option takes it. */
    default String optionText(T value) {
        return written(value);
    }

    /** The range of values, for the manual; empty where the help of the setting lists them. */
    String range();
}
