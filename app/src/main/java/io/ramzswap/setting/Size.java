package io.ramzswap.setting;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory as people write it: {@code 4096}, {@code 512K}, {@code 256M}, {@code 1.5G}, {@code 2T}, or {@code 50%}
 * of RAM. K is 1024.
 *
 * @param unit one of {@code KMGT}, {@code %}, or a blank for bytes
 */
public record Size(BigDecimal amount, char unit) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,9})?)([KMGTkmgt%]?)");
    private static final String UNITS = "KMGT";
    private static final BigInteger MAXIMUM = BigInteger.valueOf(Long.MAX_VALUE);

    /** The size that {@code text} is, if it is one. */
    static Optional<Size> of(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String unit = matcher.group(2);
        return Optional.of(new Size(
                new BigDecimal(matcher.group(1)), unit.isEmpty() ? ' ' : Character.toUpperCase(unit.charAt(0))));
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with a message for the user, if it is none
     */
    public static Size parse(String text) {
        return of(text).orElseThrow(() -> new IllegalArgumentException(
                "'" + text + "' is no size: write it as 4096, 512K, 256M, 1.5G, 2T or 50%"));
    }

    /** In bytes, rounded down, on a machine with this much memory; at most {@link Long#MAX_VALUE}. */
    public long bytes(long ramBytes) {
        return exactBytes(ramBytes).toBigInteger().min(MAXIMUM).longValue();
    }

    /** The same, not rounded. */
    BigDecimal exactBytes(long ramBytes) {
        return switch (unit) {
            case ' ' -> amount;
            case '%' -> amount.multiply(BigDecimal.valueOf(ramBytes)).movePointLeft(2);
            default -> amount.multiply(BigDecimal.valueOf(1L << (10 * (UNITS.indexOf(unit) + 1))));
        };
    }
}
