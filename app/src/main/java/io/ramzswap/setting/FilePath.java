package io.ramzswap.setting;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The name of a file. An option may give one relative to the working directory; the configuration and the control protocol name
 * it in full.
 *
 * @param expected words for the configuration's messages, as in "the path of a file"
 */
public record FilePath(String expected) implements SettingType<Path> {
    /** Characters of the longest name of a file. */
    public static final int MAX_LENGTH = 4096;

    /**
     * Reads a name as on the command line. An empty one, as of a variable that is not set, would be that of the working directory.
     *
     * @throws IllegalArgumentException if it is no name of a file
     */
    public static Path parse(String text) {
        Path path = path(text);
        if (path.toAbsolutePath().toString().length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a name of " + text.length()
                    + " characters is no file's: it has at most " + MAX_LENGTH + ", its directory included");
        }
        return path;
    }

    private static Path path(String text) {
        try {
            if (!text.isEmpty()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + text + "' is no name of a file: " + e.getReason(), e);
        }
        throw new IllegalArgumentException("'' is no name of a file");
    }

    @Override
    public Path fromOption(String text) {
        return parse(text);
    }

    @Override
    public Path fromConfig(String text, Map<String, Long> variables) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException(expected + " is expected, not '" + text + "'");
        }
        return Path.of(text);
    }

    @Override
    public Object toWire(Path value) {
        return value.toAbsolutePath().toString();
    }

    @Override
    public Class<?> wireClass() {
        return String.class;
    }

    @Override
    public Path fromWire(Object member) {
        String text = (String) member;
        try {
            if (text.length() <= MAX_LENGTH && Path.of(text).isAbsolute()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("the path is none: " + e.getReason(), e);
        }
        throw new IllegalArgumentException("the path is longer than " + MAX_LENGTH + ", or not an absolute one");
    }

    @Override
    public String wireComplaint() {
        return "a path is missing, or goes with no such operation";
    }

    @Override
    public String spoken(Path value) {
        return value.toString();
    }

    @Override
    public String range() {
        return expected;
    }
}
