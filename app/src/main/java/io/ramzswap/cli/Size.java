package io.ramzswap.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An amount of memory as people write it: {@code 4096}, {@code 512K}, {@code 256M}, {@code 1.5G}, {@code 2T}, or {@code 50%}
 * of RAM. K is 1024.
 */
record Size(BigDecimal amount, char unit) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,9})?)([KMGTkmgt%]?)");
    private static final String UNITS = "KMGT";
    private static final BigInteger MAXIMUM = BigInteger.valueOf(Long.MAX_VALUE);

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with a message for the user, if it is none
     */
    static Size parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no size: write it as 4096, 512K, 256M, 1.5G, 2T or 50%");
        }
        String unit = matcher.group(2);
        return new Size(new BigDecimal(matcher.group(1)), unit.isEmpty() ? ' ' : Character.toUpperCase(unit.charAt(0)));
    }

    /** In bytes, rounded down, on a machine with this much memory; at most {@link Long#MAX_VALUE}. */
    long bytes(long ramBytes) {
        BigDecimal bytes = switch (unit) {
            case ' ' -> amount;
            case '%' -> amount.multiply(BigDecimal.valueOf(ramBytes)).movePointLeft(2);
            default -> amount.multiply(BigDecimal.valueOf(1L << (10 * (UNITS.indexOf(unit) + 1))));
        };
        return bytes.toBigInteger().min(MAXIMUM).longValue();
    }

    /** For options. */
    static final class Converter implements ITypeConverter<Size> {
        @Override
        public Size convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
