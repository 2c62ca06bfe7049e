package io.ramzswap.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The first page of a swap area, as mkswap would write it. Source: {@code union swap_header} in Linux
 * include/linux/swap.h.
 *
 * <pre>
 *   0      1024      1028        1032         1036   1052    1068               4086         4096
 *   +------+---------+-----------+------------+------+-------+------------------+------------+
 *   | boot | version | last page | bad pages  | uuid | label | padding, bad     | SWAPSPACE2 |
 *   +------+---------+-----------+------------+------+-------+------------------+------------+
 * </pre>
 */
final class SwapHeader {
    private static final int VERSION_OFFSET = 1024;
    private static final int LAST_PAGE_OFFSET = 1028;
    private static final int UUID_OFFSET = 1036;
    private static final int LABEL_OFFSET = 1052;
    private static final int VERSION = 1;
    private static final byte[] LABEL = "ramzswap".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SIGNATURE = "SWAPSPACE2".getBytes(StandardCharsets.US_ASCII);

    private SwapHeader() {}

    /** The header page of an area of {@code slots} pages, this one included. */
    static ByteBuffer of(int slots) {
        ByteBuffer page = ByteBuffer.allocateDirect(DeviceSettings.PAGE_SIZE).order(ByteOrder.nativeOrder());
        page.putInt(VERSION_OFFSET, VERSION);
        page.putInt(LAST_PAGE_OFFSET, slots - 1);
        UUID uuid = UUID.randomUUID();
        ByteBuffer bytes = page.duplicate().order(ByteOrder.BIG_ENDIAN);
        bytes.putLong(UUID_OFFSET, uuid.getMostSignificantBits());
        bytes.putLong(UUID_OFFSET + Long.BYTES, uuid.getLeastSignificantBits());
        page.put(LABEL_OFFSET, LABEL);
        page.put(DeviceSettings.PAGE_SIZE - SIGNATURE.length, SIGNATURE);
        return page;
    }
}
