package io.ramzswap.host;

import java.util.Locale;

/** Amounts of memory for people. */
public final class ByteText {
    private static final String UNITS = "BKMGTPE";
    private static final double STEP = 1024;

    private ByteText() {}

    /** As util-linux writes them: 0B, 4K, 1.5G; one decimal at most. */
    public static String of(long bytes) {
        double amount = bytes;
        int unit = 0;
        // 1023.95 would be printed as 1024.0.
        while (Math.abs(amount) >= STEP - 0.05 && unit < UNITS.length() - 1) {
            amount /= STEP;
            unit++;
        }
        String text = String.format(Locale.ROOT, "%.1f", amount);
        return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + UNITS.charAt(unit);
    }
}
