package io.ramzswap.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Whether a person looks at what is printed. */
final class Terminals {
    private static final Pattern TERMINAL = Pattern.compile("/dev/(pts/[0-9]+|tty.*|console)");

    private Terminals() {}

    /** Whether standard output is a terminal. */
    static boolean isStandardOutput() {
        return isTerminal(1);
    }

    /** Whether standard error is a terminal. */
    static boolean isStandardError() {
        return isTerminal(2);
    }

    /** The JDK tells of both input and output together at most; the kernel tells of each. */
    private static boolean isTerminal(int descriptor) {
        try {
            Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
            return TERMINAL.matcher(target.toString()).matches();
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether colours are wanted where they can be shown. Source: no-color.org. */
    static boolean coloursAreWelcome() {
        String refused = System.getenv("NO_COLOR");
        String type = System.getenv("TERM");
        return (refused == null || refused.isEmpty()) && type != null && !type.equals("dumb");
    }
}
