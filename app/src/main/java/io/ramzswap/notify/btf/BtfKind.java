package io.ramzswap.notify.btf;

import java.io.IOException;

/** The kinds of types, and how much each adds to the twelve bytes that all have. */
final class BtfKind {
    static final int INT = 1;
    static final int PTR = 2;
    static final int ARRAY = 3;
    static final int STRUCT = 4;
    static final int ENUM = 6;
    static final int TYPEDEF = 8;
    static final int FUNC = 12;
    static final int ENUM64 = 19;

    /** Bytes for each element, by kind. */
    private static final int[] ELEMENT_BYTES = {0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12};
    /** Bytes once, by kind. */
    private static final int[] SINGLE_BYTES = {0, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0};

    private BtfKind() {}

    static int kind(int info) {
        return (info >>> 24) & 0x1f;
    }

    static int count(int info) {
        return info & 0xffff;
    }

    static boolean flag(int info) {
        return info < 0;
    }

    static int elementBytes(int kind) {
        return ELEMENT_BYTES[kind];
    }

    static int extraBytes(int info) throws IOException {
        int kind = kind(info);
        if (kind == 0 || kind >= ELEMENT_BYTES.length) {
            throw new IOException("types of the unknown kind " + kind);
        }
        return SINGLE_BYTES[kind] + count(info) * ELEMENT_BYTES[kind];
    }
}
