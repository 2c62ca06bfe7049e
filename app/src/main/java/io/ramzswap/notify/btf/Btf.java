package io.ramzswap.notify.btf;

import io.ramzswap.nbd.closing.Undo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A kernel's types, as far as they are asked for: only names announced to {@link #open} are known.
 *
 * <pre>
 *   header:  magic u16 | version u8 | flags u8 | header length | types: offset, length | strings: offset, length  (u32 each)
 *   type:    name u32 | kind flag 1 bit, unused 2, kind 5, unused 8, count 16 | size or type u32 | by kind, count times
 *   member:  name u32 | type u32 | bit offset u32 (with the kind flag: bit-field size 8 bits, bit offset 24)
 *   parameter:  name u32 | type u32            enumerator:  name u32 | value u32 (ENUM64: | high half u32)
 * </pre>
 *
 * <p>Whatever is ambiguous, because the kernel has two things of the name that differ, is answered as absent. For one
 * thread.
 */
public final class Btf implements AutoCloseable {
    private static final int MAGIC = 0xeb9f;
    private static final int TYPE_BYTES = 12;
    private static final int MEMBER_BYTES = 12;
    private static final int PARAMETER_BYTES = 8;
    /** struct btf_array: type u32, index type u32, number of elements u32. */
    private static final int ARRAY_LENGTH_AT = 8;

    private static final int BIT_OFFSET_MASK = 0xff_ffff;
    private static final int FIRST_TYPES = 1 << 17;

    private final BtfImage image;
    private final Map<String, Integer> names = new HashMap<>();
    private final Map<Integer, String> namesByOffset = new HashMap<>();
    /** The offset of each type; type 0 is void. */
    private int[] typeOffsets = new int[FIRST_TYPES];

    private int types = 1;

    /**
     * A function's parameter.
     *
     * @param name its name, or empty if it was not announced
     * @param type as in C, {@code struct swap_info_struct *}; a part that was not announced is {@code ?}
     */
    public record Parameter(String name, String type) {}

    private Btf(BtfImage image) {
        this.image = image;
    }

    /**
     * Opens a file.
     *
     * @param names all names that will be asked for
     * @throws IOException if it cannot be read or is not in a form known here
     */
    public static Btf open(Path path, Set<String> names) throws IOException {
        try (Undo undo = new Undo()) {
            Btf btf = new Btf(undo.with(new BtfImage(path), BtfImage::close));
            btf.index(names);
            return undo.done(btf);
        }
    }

    private void index(Set<String> wanted) throws IOException {
        if (image.shortAt(0) != MAGIC || image.byteAt(2) != 1) {
            throw new IOException("not BTF of version 1");
        }
        long sections = image.intAt(4);
        long typeStart = sections + image.intAt(8);
        long typeEnd = typeStart + image.intAt(12);
        long stringStart = sections + image.intAt(16);
        findNames(stringStart, stringStart + image.intAt(20), wanted);
        findTypes(typeStart, typeEnd);
    }

    private void findNames(long start, long end, Set<String> wanted) throws IOException {
        // There are some hundred thousand names, and the heap is small: only those that may be wanted become strings.
        int[] hashes = wanted.stream().mapToInt(String::hashCode).sorted().toArray();
        StringBuilder text = new StringBuilder();
        int hash = 0;
        long begin = start;
        for (long at = start; at < end; at++) {
            byte letter = image.byteAt(at);
            if (letter != 0) {
                text.append((char) (letter & 0xff));
                hash = 31 * hash + (letter & 0xff);
                continue;
            }
            if (Arrays.binarySearch(hashes, hash) >= 0 && wanted.contains(text.toString())) {
                names.put(text.toString(), (int) (begin - start));
                namesByOffset.put((int) (begin - start), text.toString());
            }
            text.setLength(0);
            hash = 0;
            begin = at + 1;
        }
    }

    private void findTypes(long start, long end) throws IOException {
        for (long at = start; at < end; at += TYPE_BYTES + BtfKind.extraBytes(image.intAt(at + 4))) {
            if (types == typeOffsets.length) {
                typeOffsets = Arrays.copyOf(typeOffsets, 2 * types);
            }
            typeOffsets[types++] = (int) at;
        }
    }

    /** The offset of a member in a structure, in bytes; absent for a bit field, too. */
    public OptionalInt memberOffset(String structure, String member, String memberType) throws IOException {
        Integer memberName = names.get(member);
        List<Integer> found = new ArrayList<>();
        for (int type : named(structure, BtfKind.STRUCT)) {
            long at = (long) typeOffsets[type] + TYPE_BYTES;
            for (int i = count(type); memberName != null && i > 0; i--, at += MEMBER_BYTES) {
                if (image.intAt(at) == memberName
                        && describe(image.intAt(at + 4)).equals(memberType)) {
                    found.add(byteOffset(image.intAt(at + 8), BtfKind.flag(info(type))));
                }
            }
        }
        return only(found);
    }

    /** The size of a structure, in bytes. */
    public OptionalInt structureBytes(String structure) throws IOException {
        List<Integer> found = new ArrayList<>();
        for (int type : named(structure, BtfKind.STRUCT)) {
            found.add(target(type));
        }
        return only(found);
    }

    /** The number of elements of a structure's member that is an array. */
    public OptionalInt arrayLength(String structure, String member) throws IOException {
        Integer memberName = names.get(member);
        List<Integer> found = new ArrayList<>();
        for (int type : named(structure, BtfKind.STRUCT)) {
            long at = (long) typeOffsets[type] + TYPE_BYTES;
            for (int i = count(type); memberName != null && i > 0; i--, at += MEMBER_BYTES) {
                int memberType = image.intAt(at + 4);
                if (image.intAt(at) == memberName && kind(memberType) == BtfKind.ARRAY) {
                    found.add(image.intAt((long) typeOffsets[memberType] + TYPE_BYTES + ARRAY_LENGTH_AT));
                }
            }
        }
        return only(found);
    }

    private static int byteOffset(int encoded, boolean hasBitFields) {
        boolean isBitField = hasBitFields && encoded >>> 24 != 0;
        int bits = hasBitFields ? encoded & BIT_OFFSET_MASK : encoded;
        return isBitField || bits % Byte.SIZE != 0 ? -1 : bits / Byte.SIZE;
    }

    private static OptionalInt only(List<Integer> found) {
        return found.stream().distinct().count() == 1 && found.get(0) >= 0
                ? OptionalInt.of(found.get(0))
                : OptionalInt.empty();
    }

    /** An enumerator's value, whatever enumeration it is in. */
    public OptionalInt enumerator(String name) throws IOException {
        Integer nameOffset = names.get(name);
        List<Integer> found = new ArrayList<>();
        for (int type = 1; nameOffset != null && type < types; type++) {
            int kind = kind(type);
            if (kind == BtfKind.ENUM || kind == BtfKind.ENUM64) {
                int size = BtfKind.elementBytes(kind);
                long at = (long) typeOffsets[type] + TYPE_BYTES;
                for (int i = count(type); i > 0; i--, at += size) {
                    if (image.intAt(at) == nameOffset) {
                        found.add(image.intAt(at + 4));
                    }
                }
            }
        }
        return only(found);
    }

    /** The parameters of the one function of this name. */
    public Optional<List<Parameter>> parameters(String function) throws IOException {
        List<Integer> functions = named(function, BtfKind.FUNC);
        if (functions.size() != 1) {
            return Optional.empty();
        }
        int prototype = target(functions.get(0));
        List<Parameter> parameters = new ArrayList<>();
        long at = (long) typeOffsets[prototype] + TYPE_BYTES;
        for (int i = count(prototype); i > 0; i--, at += PARAMETER_BYTES) {
            String name = namesByOffset.getOrDefault(image.intAt(at), "");
            parameters.add(new Parameter(name, describe(image.intAt(at + 4))));
        }
        return Optional.of(parameters);
    }

    private String describe(int type) throws IOException {
        if (type == 0) {
            return "void";
        }
        String name = namesByOffset.getOrDefault(image.intAt(typeOffsets[type]), "?");
        return switch (kind(type)) {
            case BtfKind.INT, BtfKind.TYPEDEF -> name;
            case BtfKind.STRUCT -> "struct " + name;
            case BtfKind.PTR -> describe(target(type)) + " *";
            default -> "?";
        };
    }

    private List<Integer> named(String name, int kind) throws IOException {
        Integer nameOffset = names.get(name);
        List<Integer> found = new ArrayList<>();
        for (int type = 1; nameOffset != null && type < types; type++) {
            if (image.intAt(typeOffsets[type]) == nameOffset && kind(type) == kind) {
                found.add(type);
            }
        }
        return found;
    }

    private int info(int type) throws IOException {
        return image.intAt((long) typeOffsets[type] + 4);
    }

    private int kind(int type) throws IOException {
        return BtfKind.kind(info(type));
    }

    private int count(int type) throws IOException {
        return BtfKind.count(info(type));
    }

    private int target(int type) throws IOException {
        return image.intAt((long) typeOffsets[type] + 8);
    }

    @Override
    public void close() throws IOException {
        image.close();
    }
}
