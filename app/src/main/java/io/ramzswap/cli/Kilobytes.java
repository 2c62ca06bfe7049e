package io.ramzswap.cli;

import java.math.BigInteger;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A whole number of kilobytes, as the options of 2009 take it. */
record Kilobytes(long bytes) {
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,100}");
    private static final BigInteger MAXIMUM = BigInteger.valueOf(Long.MAX_VALUE >> 10);

    /** For options. */
    static final class Converter implements ITypeConverter<Kilobytes> {
        @Override
        public Kilobytes convert(String text) {
            if (!DIGITS.matcher(text).matches()) {
                throw new TypeConversionException("'" + text + "' is not a number of kilobytes");
            }
            BigInteger kilobytes = new BigInteger(text);
            if (kilobytes.compareTo(MAXIMUM) > 0) {
                throw new TypeConversionException("'" + text + "' kilobytes are more than any machine has: at most "
                        + MAXIMUM + " are understood");
            }
            return new Kilobytes(kilobytes.longValueExact() << 10);
        }
    }
}
