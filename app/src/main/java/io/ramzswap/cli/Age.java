package io.ramzswap.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A length of time in whole seconds. */
record Age(long seconds) {
    static final long DEFAULT_SECONDS = 600;

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([smhd]?)");

    /** For options. */
    static final class Converter implements ITypeConverter<Age> {
        @Override
        public Age convert(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is no length of time such as 90s, 10m or 2h, of nine digits at most");
            }
            return new Age(Long.parseLong(matcher.group(1)) * secondsIn(matcher.group(2)));
        }

        private static long secondsIn(String unit) {
            return switch (unit) {
                case "m" -> 60;
                case "h" -> 3600;
                case "d" -> 86_400;
                default -> 1;
            };
        }
    }
}
