package io.ramzswap.cli;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Some seconds, from a tenth to an hour. */
record Interval(long millis) {
    private static final Pattern FORM = Pattern.compile("[0-9]{1,10}(\\.[0-9]{1,10})?");
    private static final long LEAST_MILLIS = 100;
    private static final long MOST_MILLIS = 3_600_000;

    /** For options. */
    static final class Converter implements ITypeConverter<Interval> {
        @Override
        public Interval convert(String text) {
            if (FORM.matcher(text).matches()) {
                long millis = new BigDecimal(text).movePointRight(3).longValue();
                if (millis >= LEAST_MILLIS && millis <= MOST_MILLIS) {
                    return new Interval(millis);
                }
            }
            throw new TypeConversionException("'" + text + "' is not a number of seconds from 0.1 to 3600");
        }
    }
}
