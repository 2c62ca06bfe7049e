package io.ramzswap.backing;

import io.ramzswap.refusal.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * The first page of a swap area, as mkswap writes it. Source: {@code union swap_header} in Linux include/linux/swap.h.
 *
 * <pre>
 *   0      1024      1028        1032         1036   1052    1068               4086         4096
 *   +------+---------+-----------+------------+------+-------+------------------+------------+
 *   | boot | version | last page | bad pages  | uuid | label | padding, bad     | SWAPSPACE2 |
 *   +------+---------+-----------+------------+------+-------+------------------+------------+
 * </pre>
 */
public final class SwapHeader {
    /** The label of every area that is formatted here. */
    public static final String LABEL_TEXT = "ramzswap";

    /**
     * What the UUID of every such area begins with, and of no other: "ramzsw" and version 8, whose other bits a vendor may choose
     * (RFC 9562). All else is random: an area is a new one at each start.
     */
    public static final String UUID_PREFIX = "72616d7a-7377-8";

    private static final int PAGE_SIZE = AlignedMemory.PAGE_BYTES;
    private static final int VERSION_OFFSET = 1024;
    private static final int LAST_PAGE_OFFSET = 1028;
    private static final int BAD_PAGES_OFFSET = 1032;
    private static final int UUID_OFFSET = 1036;
    private static final int LABEL_OFFSET = 1052;
    private static final int VERSION = 1;
    private static final byte[] LABEL = ascii(LABEL_TEXT);
    private static final byte[] SIGNATURE = ascii("SWAPSPACE2");
    /** What the kernel puts in the signature's place when it hibernates. */
    private static final byte[] HIBERNATED = ascii("S1SUSPEND");

    private static final int SIGNATURE_OFFSET = PAGE_SIZE - SIGNATURE.length;

    private SwapHeader() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The header page of an area of {@code slots} pages, this one included. */
    public static ByteBuffer of(int slots) {
        ByteBuffer page = ByteBuffer.allocateDirect(PAGE_SIZE).order(ByteOrder.nativeOrder());
        page.putInt(VERSION_OFFSET, VERSION);
        page.putInt(LAST_PAGE_OFFSET, slots - 1);
        UUID uuid = uuid();
        ByteBuffer bytes = page.duplicate().order(ByteOrder.BIG_ENDIAN);
        bytes.putLong(UUID_OFFSET, uuid.getMostSignificantBits());
        bytes.putLong(UUID_OFFSET + Long.BYTES, uuid.getLeastSignificantBits());
        page.put(LABEL_OFFSET, LABEL);
        page.put(SIGNATURE_OFFSET, SIGNATURE);
        return page;
    }

    private static UUID uuid() {
        UUID random = UUID.randomUUID();
        return UUID.fromString(UUID_PREFIX + random.toString().substring(UUID_PREFIX.length()));
    }

    /**
     * Reads the header of somebody else's making.
     *
     * @param page in native byte order
     * @param path for messages
     * @param fileBytes how long the file or partition really is
     * @return the pages of the area, this one included
     * @throws BackingSwapException if it is no header, or one of an area that cannot be used
     */
    static long slots(ByteBuffer page, String path, long fileBytes) throws BackingSwapException {
        requireSignature(page, path);
        int version = page.getInt(VERSION_OFFSET);
        if (version != VERSION) {
            throw unsuitable(path + " has a swap header of version " + Integer.toUnsignedString(version)
                    + ", or of a machine with the other byte order; run mkswap " + path);
        }
        int badPages = page.getInt(BAD_PAGES_OFFSET);
        if (badPages != 0) {
            throw unsuitable(path + " has bad pages in its swap header (" + Integer.toUnsignedString(badPages)
                    + "), which cannot be passed over; use a sound disk, and run mkswap without -c");
        }
        long slots = Integer.toUnsignedLong(page.getInt(LAST_PAGE_OFFSET)) + 1;
        if (slots > fileBytes / PAGE_SIZE) {
            throw unsuitable(path + " has no space for what its swap header says: " + (fileBytes >> 10) + " kB of "
                    + ((slots * PAGE_SIZE) >> 10) + " kB; run mkswap " + path);
        }
        return slots;
    }

    private static void requireSignature(ByteBuffer page, String path) throws BackingSwapException {
        if (startsWith(page, HIBERNATED)) {
            throw unsuitable(path + " holds the image of a hibernated system; resume that, or run mkswap " + path);
        }
        if (!startsWith(page, SIGNATURE)) {
            throw unsuitable(path + " is not swap-formatted; if nothing on it is needed any more, run mkswap " + path);
        }
    }

    private static boolean startsWith(ByteBuffer page, byte[] signature) {
        byte[] found = new byte[signature.length];
        page.get(SIGNATURE_OFFSET, found);
        return Arrays.equals(found, signature);
    }

    private static BackingSwapException unsuitable(String message) {
        return new BackingSwapException(Refusal.INVALID_VALUE, message);
    }
}
