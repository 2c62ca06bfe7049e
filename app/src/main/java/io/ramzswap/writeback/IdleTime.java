package io.ramzswap.writeback;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a page was not used, as users give it. The one range of it is for the command line, the configuration and the
 * control socket.
 *
 * @param seconds 0 to {@link #MOST_SECONDS}
 */
public record IdleTime(long seconds) {
    /** 30 days: a page that was not used for longer is known to be that old, but not how old. */
    public static final long MOST_SECONDS = 2_592_000;

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([smhd]?)");
    private static final String RANGE = "0 to 30d, as 90s, 10m, 2h or 1d";

    /** Checks the range. */
    public IdleTime {
        if (!isInRange(seconds)) {
            throw new IllegalArgumentException(seconds + " s are out of range: " + RANGE);
        }
    }

    /** Whether there is such a time. */
    public static boolean isInRange(long seconds) {
        return seconds >= 0 && seconds <= MOST_SECONDS;
    }

    /**
     * Reads a number of seconds, or one with its unit.
     *
     * @throws IllegalArgumentException with the range that is expected
     */
    public static IdleTime parse(String text) {
        Matcher matcher = FORM.matcher(text);
        long seconds = matcher.matches() ? Long.parseLong(matcher.group(1)) * secondsIn(matcher.group(2)) : -1;
        if (!isInRange(seconds)) {
            throw new IllegalArgumentException("a length of time, " + RANGE + ", is expected, not '" + text + "'");
        }
        return new IdleTime(seconds);
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
