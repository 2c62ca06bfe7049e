package io.ramzswap.process;

import java.util.OptionalInt;

/**
 * How long idle processors may take to wake while requests follow one another closely, as users write it.
 *
 * @param automatic whether it is what suits the machine's idle states
 * @param micros if not: how long; empty for as long as they like
 */
public record CpuLatencySetting(boolean automatic, OptionalInt micros) {
    /** Where nobody has chosen. */
    public static final CpuLatencySetting AUTO = new CpuLatencySetting(true, OptionalInt.empty());

    /** As long as they like. */
    public static final CpuLatencySetting OFF = new CpuLatencySetting(false, OptionalInt.empty());

    private static final int MOST_MICROS = 1_000_000;
    private static final String TAKEN = "auto, off, or microseconds from 0 to " + MOST_MICROS;

    /** No longer than that. */
    static CpuLatencySetting of(int micros) {
        return new CpuLatencySetting(false, OptionalInt.of(micros));
    }

    /**
     * The setting of a word as on the command line.
     *
     * @throws IllegalArgumentException if there is none, with what there is
     */
    public static CpuLatencySetting parse(String word) {
        return switch (word) {
            case "auto" -> AUTO;
            case "off" -> OFF;
            default -> of(micros(word));
        };
    }

    /** As users write it. */
    public String label() {
        if (automatic) {
            return "auto";
        }
        return micros.isPresent() ? Integer.toString(micros.getAsInt()) : "off";
    }

    private static int micros(String word) {
        try {
            int micros = Integer.parseInt(word);
            if (micros >= 0 && micros <= MOST_MICROS) {
                return micros;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException(TAKEN + ", not '" + word + "'");
    }
}
