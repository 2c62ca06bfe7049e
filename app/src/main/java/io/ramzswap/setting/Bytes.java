package io.ramzswap.setting;

import java.math.BigInteger;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * An amount of memory in bytes: kilobytes as an option of rzscontrol, a {@link Size} as one of ramzswapd, a {@link
 * SizeExpression} in the configuration.
 *
 * @param least amount that the configuration may give
 * @param most amount that it may give
 * @param unit to multiples of which the configuration's values are rounded down
 */
public record Bytes(long least, long most, long unit) implements SettingType<Long> {
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,100}");
    private static final BigInteger MAXIMUM = BigInteger.valueOf(Long.MAX_VALUE >> 10);

    @Override
    public Long fromOption(String text) {
        if (!DIGITS.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a number of kilobytes");
        }
        BigInteger kilobytes = new BigInteger(text);
        if (kilobytes.compareTo(MAXIMUM) > 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' kilobytes are more than any machine has: at most " + MAXIMUM + " are understood");
        }
        return kilobytes.longValueExact() << 10;
    }

    @Override
    public Long fromDaemonOption(String text, LongSupplier ramBytes) {
        return Size.parse(text).bytes(ramBytes.getAsLong());
    }

    @Override
    public Long fromConfig(String text, Map<String, Long> variables) {
        long bytes = SizeExpression.evaluate(text, variables);
        if (bytes < least || bytes > most) {
            throw new IllegalArgumentException(
                    most == Long.MAX_VALUE
                            ? "'" + Setting.NO_VALUE + "', or a page, " + least + " bytes, at least is expected, and '"
                                    + text + "' is " + bytes + " bytes"
                            : spoken(least) + " to " + spoken(most) + " is expected, and '" + text + "' is "
                                    + spoken(bytes));
        }
        return bytes - bytes % unit;
    }

    @Override
    public Object toWire(Long value) {
        return value;
    }

    @Override
    public Class<?> wireClass() {
        return Long.class;
    }

    @Override
    public Long fromWire(Object member) {
        return (Long) member;
    }

    @Override
    public String wireComplaint() {
        return "bytes are missing, or go with no such operation";
    }

    @Override
    public String spoken(Long value) {
        return (value >> 10) + " kB";
    }

    @Override
    public String written(Long value) {
        return (value >> 10) + "K";
    }

    @Override
    public String optionText(Long value) {
        return Long.toString(value >> 10);
    }

    @Override
    public String range() {
        if (least <= 0) {
            return "an expression";
        }
        return "an expression, " + (most == Long.MAX_VALUE ? "at least " : "") + size(least)
                + (most == Long.MAX_VALUE ? "" : " to " + size(most));
    }

    private static String size(long bytes) {
        return bytes >= 1L << 40 ? (bytes >> 40) + "T" : (bytes >> 10) + "K";
    }
}
