package io.ramzswap.backing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * The kernel's list of swap areas in use. Source: proc_swaps(5), which writes space, tab, newline and backslash as {@code
 * \040} and so on.
 *
 * @param list where it is
 */
record ActiveSwaps(Path list) {
    static final ActiveSwaps OF_THE_KERNEL = new ActiveSwaps(Path.of("/proc/swaps"));

    private static final int OCTAL_DIGITS = 3;

    /** Whether {@code path}, by this or another name, is one of them. */
    boolean contain(Path path) throws IOException {
        if (!Files.exists(list)) {
            return false;
        }
        for (String line : Files.readAllLines(list)) {
            String name = unescape(line.split("[ \t]", 2)[0]);
            if (name.startsWith("/") && isSame(name, path)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSame(String name, Path path) throws IOException {
        try {
            Path area = Path.of(name);
            return Files.exists(area) && Files.isSameFile(area, path);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static String unescape(String name) {
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
