package io.ramzswap.notify.trace;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The offsets of a record's fields, as the kernel gives them in {@code format} files and in {@code header_page}:
 *
 * <pre>
 *   ID: 1392
 *       field:u64 slot;   offset:16;   size:8;   signed:0;
 * </pre>
 *
 * @param id the event's number, or 0 if the file has none
 */
public record FormatFile(int id, Map<String, Field> fields) {
    private static final Pattern ID = Pattern.compile("^ID:\\s*(\\d+)$", Pattern.MULTILINE);
    private static final Pattern FIELD = Pattern.compile(
            "^\\s*field:[^;]*?(\\w+)(?:\\[\\d*])?;\\s*offset:(\\d+);\\s*size:(\\d+);", Pattern.MULTILINE);

    private static final int MOST_BYTES = 16 * 1024;

    /** A field's place in its record, in bytes. */
    public record Field(int offset, int size) {}

    /** Reads such a file. */
    public static FormatFile read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] text = new byte[MOST_BYTES];
            // One read for all: some of these files say that they are at their end once anything has been read.
            int length = Math.max(0, in.read(text));
            while (length < MOST_BYTES) {
                int more = in.read(text, length, MOST_BYTES - length);
                if (more < 0) {
                    break;
                }
                length += more;
            }
            return parse(new String(text, 0, length, StandardCharsets.US_ASCII));
        }
    }

    static FormatFile parse(String text) {
        Matcher id = ID.matcher(text);
        Map<String, Field> fields = new HashMap<>();
        Matcher field = FIELD.matcher(text);
        while (field.find()) {
            fields.putIfAbsent(
                    field.group(1), new Field(Integer.parseInt(field.group(2)), Integer.parseInt(field.group(3))));
        }
        return new FormatFile(id.find() ? Integer.parseInt(id.group(1)) : 0, Map.copyOf(fields));
    }

    /**
     * Returns the offset of a field.
     *
     * @throws IOException if there is none of that name, or it has another size
     */
    public int offset(String name, int size) throws IOException {
        Field field = fields.get(name);
        if (field == null || field.size() != size) {
            throw new IOException("a field " + name + " of " + size + " bytes was expected, there is "
                    + (field == null ? "none" : "one of " + field.size()));
        }
        return field.offset();
    }
}
