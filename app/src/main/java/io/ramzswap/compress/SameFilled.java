package io.ramzswap.compress;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Pages of one repeated 64-bit word: how to tell them, and how to make them again. */
public final class SameFilled {
    private static final int WORD = Long.BYTES;
    private static final int STRIDE = 8 * WORD;

    private SameFilled() {}

    /**
     * Tells whether {@code length} bytes repeat their first word.
     *
     * @param length a multiple of 64
     */
    public static boolean isSameFilled(ByteBuffer page, int position, int length) {
        int end = position + length;
        long word = page.getLong(position);
        // Most pages that are not same-filled differ in their last word already (zram checks it first, too).
        if (page.getLong(end - WORD) != word) {
            return false;
        }
        for (int at = position; at < end; at += STRIDE) {
            long differences = (page.getLong(at) ^ word)
                    | (page.getLong(at + WORD) ^ word)
                    | (page.getLong(at + 2 * WORD) ^ word)
                    | (page.getLong(at + 3 * WORD) ^ word)
                    | (page.getLong(at + 4 * WORD) ^ word)
                    | (page.getLong(at + 5 * WORD) ^ word)
                    | (page.getLong(at + 6 * WORD) ^ word)
                    | (page.getLong(at + 7 * WORD) ^ word);
            if (differences != 0) {
                return false;
            }
        }
        return true;
    }

    /** The word at {@code position} as the machine holds it, whatever the buffer's byte order. */
    public static long word(ByteBuffer page, int position) {
        return inNativeOrder(page, page.getLong(position));
    }

    /**
     * Repeats a word over {@code length} bytes.
     *
     * @param length a multiple of 64
     */
    public static void fill(ByteBuffer page, int position, int length, long word) {
        long stored = inNativeOrder(page, word);
        int end = position + length;
        for (int at = position; at < end; at += WORD) {
            page.putLong(at, stored);
        }
    }

    private static long inNativeOrder(ByteBuffer buffer, long word) {
        return buffer.order() == ByteOrder.nativeOrder() ? word : Long.reverseBytes(word);
    }
}
