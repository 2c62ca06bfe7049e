package io.ramzswap.host;

import java.util.List;
import java.util.Optional;

/**
 * A line of /proc/swaps. Source: proc_swaps(5); the kernel writes space, tab, newline and backslash in a name as {@code
 * \040} and so on.
 *
 * @param path of the device or file
 * @param isBlockDevice whether all of a block device is the area, and no file
 * @param sizeBytes how much fits
 * @param usedBytes how much of it the kernel has handed out
 * @param priority the higher one is filled first
 */
public record SwapArea(String path, boolean isBlockDevice, long sizeBytes, long usedBytes, int priority) {
    private static final int KILOBYTE_SHIFT = 10;
    private static final int FIELDS = 5;
    private static final int OCTAL_DIGITS = 3;

    /** The areas that {@code lines} tell of; the heading, and what is no area, tell of none. */
    public static List<SwapArea> parse(List<String> lines) {
        return lines.stream().flatMap(line -> parse(line).stream()).toList();
    }

    private static Optional<SwapArea> parse(String line) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields.length != FIELDS) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SwapArea(
                    pathOf(line),
                    fields[1].equals("partition"),
                    Long.parseLong(fields[2]) << KILOBYTE_SHIFT,
                    Long.parseLong(fields[3]) << KILOBYTE_SHIFT,
                    Integer.parseInt(fields[4])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** What a line says the area's name is, whatever else it says. */
    public static String pathOf(String line) {
        String name = line.split("[ \t]", 2)[0];
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            int end = i + 1 + OCTAL_DIGITS;
            if (name.charAt(i) == '\\'
                    && end <= name.length()
                    && name.substring(i + 1, end).matches("[0-7]{3}")) {
                text.append((char) Integer.parseInt(name.substring(i + 1, end), 8));
                i = end - 1;
            } else {
                text.append(name.charAt(i));
            }
        }
        return text.toString();
    }
}
