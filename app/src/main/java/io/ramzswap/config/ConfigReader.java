package io.ramzswap.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one file: {@code [section]} lines, {@code key = value} lines below them, comments that begin with # or ;, blank
 * lines. Knows nothing of what sections and keys there may be.
 */
final class ConfigReader {
    private static final int MAX_BYTES = 1 << 20;
    private static final Path NOTHING = Path.of("/dev/null");
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final Pattern SECTION = Pattern.compile("\\[([^\\[\\]]*)\\]");
    private static final Pattern ENTRY = Pattern.compile("([^=]*[^=\\s])\\s*=\\s*(.*)");

    private final Path file;
    private final Map<String, Section> sections = new LinkedHashMap<>();
    private Section current;

    /** The entries of a section, by key, in the order of the file. */
    record Section(Origin origin, Map<String, Entry> entries) {}

    /** A value, and where it stands. */
    record Entry(String value, Origin origin) {}

    private ConfigReader(Path file) {
        this.file = file;
    }

    /** The sections of {@code file}, by name, in its order. */
    static Map<String, Section> read(Path file) throws ConfigException {
        ConfigReader reader = new ConfigReader(file);
        List<String> lines = List.of(reader.text().split("\n", -1));
        for (int i = 0; i < lines.size(); i++) {
            reader.line(lines.get(i), new Origin(file, i + 1));
        }
        return reader.sections;
    }

    private String text() throws ConfigException {
        Origin whole = Origin.of(file);
        try {
            if (Files.isDirectory(file)) {
                throw new ConfigException(whole, "is a directory; a file is expected");
            }
            if (!isFile()) {
                throw new ConfigException(whole, "is a FIFO, a socket or a device; a file is expected");
            }
            byte[] bytes = firstBytes();
            if (bytes.length > MAX_BYTES) {
                throw new ConfigException(whole, "is longer than " + (MAX_BYTES >> 10) + " kB, and no configuration");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.indexOf(BYTE_ORDER_MARK) == 0) {
                throw new ConfigException(
                        new Origin(file, 1), "begins with a byte order mark; save it as UTF-8 without one");
            }
            return text;
        } catch (NoSuchFileException e) {
            throw new ConfigException(whole, "there is no such file", e);
        } catch (AccessDeniedException e) {
            throw new ConfigException(whole, "no permission to read it", e);
        } catch (CharacterCodingException e) {
            throw new ConfigException(whole, "is not a text in UTF-8", e);
        } catch (IOException e) {
            throw new ConfigException(whole, "cannot be read: " + e.getMessage(), e);
        }
    }

    /** Whether it can be read without waiting for somebody. A link to /dev/null is there to hide others, and is empty. */
    private boolean isFile() throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()
                || file.toRealPath().equals(NOTHING);
    }

    /** No more than it takes to see that there are too many: some files do not end. */
    private byte[] firstBytes() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES + 1);
        }
    }

    private void line(String raw, Origin origin) throws ConfigException {
        if (raw.endsWith("\r")) {
            throw new ConfigException(
                    origin, "ends in a carriage return; save the file with Unix line ends (sed -i 's/\\r$//')");
        }
        String line = raw.strip();
        if (line.chars().anyMatch(c -> c != '\t' && Character.isISOControl(c))) {
            throw new ConfigException(origin, "has a control character in it; remove it");
        }
        if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
            return;
        }
        Matcher section = SECTION.matcher(line);
        Matcher entry = ENTRY.matcher(line);
        if (section.matches()) {
            begin(section.group(1).strip(), origin);
        } else if (!line.startsWith("[") && entry.matches()) {
            add(entry.group(1), entry.group(2), origin);
        } else {
            throw new ConfigException(
                    origin, "'" + line + "' is neither a section, as in [rz0], nor a setting, as in priority = 100");
        }
    }

    private void begin(String name, Origin origin) throws ConfigException {
        Section earlier = sections.get(name);
        if (earlier != null) {
            throw new ConfigException(
                    origin,
                    "[" + name + "] is there already, in line "
                            + earlier.origin().line() + "; put both together");
        }
        current = new Section(origin, new LinkedHashMap<>());
        sections.put(name, current);
    }

    private void add(String key, String value, Origin origin) throws ConfigException {
        if (current == null) {
            throw new ConfigException(
                    origin, "'" + key + "' stands before any section; a line such as [rz0] is expected");
        }
        if (value.isEmpty()) {
            throw new ConfigException(origin, key + " has no value; give it one, or remove the line");
        }
        Entry earlier = current.entries().putIfAbsent(key, new Entry(value, origin));
        if (earlier != null) {
            throw new ConfigException(
                    origin,
                    key + " is given already, in line " + earlier.origin().line() + "; remove one of the two");
        }
    }
}
