package io.ramzswap.notify.btf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes a file of types as a kernel has it. Methods that add a type answer its number. */
public final class TestTypes {
    private static final int HEADER_BYTES = 24;

    private final List<byte[]> types = new ArrayList<>();
    private final Map<String, Integer> offsets = new HashMap<>();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();

    /** A member of a structure, or a parameter of a function. */
    public record Named(String name, int type, int offset) {}

    /** Without types; the first string is empty. */
    public TestTypes() {
        string("");
    }

    public int integer(String name, int bytes) {
        return add(name, BtfKind.INT, 0, bytes, bytes * 8);
    }

    public int typedef(String name, int type) {
        return add(name, BtfKind.TYPEDEF, 0, type);
    }

    public int pointer(int type) {
        return add("", BtfKind.PTR, 0, type);
    }

    /** A structure; the members' offsets are in bits. */
    public int structure(String name, Named... members) {
        return structureOfBytes(0, name, members);
    }

    /** A structure of a size in bytes; the members' offsets are in bits. */
    public int structureOfBytes(int bytes, String name, Named... members) {
        int[] words = new int[1 + 3 * members.length];
        words[0] = bytes;
        for (int i = 0; i < members.length; i++) {
            words[1 + 3 * i] = string(members[i].name());
            words[2 + 3 * i] = members[i].type();
            words[3 + 3 * i] = members[i].offset();
        }
        return add(name, BtfKind.STRUCT, members.length, words);
    }

    public int array(int element, int length) {
        return add("", BtfKind.ARRAY, 0, 0, element, element, length);
    }

    public int enumeration(String enumerator, int value) {
        return add("", BtfKind.ENUM, 1, 4, string(enumerator), value);
    }

    public int function(String name, Named... parameters) {
        int[] words = new int[1 + 2 * parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            words[1 + 2 * i] = string(parameters[i].name());
            words[2 + 2 * i] = parameters[i].type();
        }
        int prototype = add("", 13, parameters.length, words);
        return add(name, BtfKind.FUNC, 0, prototype);
    }

    /** A type of a kind that came later than this code. */
    public int unknown() {
        return add("", 27, 0, 0);
    }

    private int add(String name, int kind, int count, int... words) {
        ByteBuffer type = ByteBuffer.allocate(8 + 4 * words.length).order(ByteOrder.nativeOrder());
        type.putInt(string(name)).putInt(kind << 24 | count);
        for (int word : words) {
            type.putInt(word);
        }
        types.add(type.array());
        return types.size();
    }

    /** Each is there once, as in a kernel. */
    private int string(String text) {
        return offsets.computeIfAbsent(text, added -> {
            int offset = strings.size();
            strings.writeBytes(added.getBytes(StandardCharsets.US_ASCII));
            strings.write(0);
            return offset;
        });
    }

    public Path write(Path file) throws IOException {
        int typeBytes = types.stream().mapToInt(type -> type.length).sum();
        ByteBuffer image = ByteBuffer.allocate(HEADER_BYTES + typeBytes + strings.size())
                .order(ByteOrder.nativeOrder())
                .putShort((short) 0xeb9f)
                .put((byte) 1)
                .put((byte) 0)
                .putInt(HEADER_BYTES)
                .putInt(0)
                .putInt(typeBytes)
                .putInt(typeBytes)
                .putInt(strings.size());
        types.forEach(image::put);
        image.put(strings.toByteArray());
        return Files.write(file, image.array());
    }
}
