package io.ramzswap.analyze;

import io.ramzswap.libc.Errno;
import io.ramzswap.libc.Libc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds the addresses of a process that have pages, in RAM or in swap, without a look at each address: the kernel passes over
 * holes a page table at a time. Source: the kernel's admin-guide/mm/pagemap.rst, "PAGEMAP_SCAN", since Linux 6.7.
 *
 * <pre>
 *   struct pm_scan_arg: 12 words of 64 bits          struct page_region: 3 words of 64 bits
 *   0 size            6 vec_len                      0 start
 *   1 flags           7 max_pages                    1 end
 *   2 start           8 category_inverted            2 categories
 *   3 end             9 category_mask
 *   4 walk_end       10 category_anyof_mask
 *   5 vec            11 return_mask
 * </pre>
 */
final class PopulatedRanges implements AutoCloseable {
    private static final Libc LIBC = Libc.system();
    private static final int O_RDONLY = 0;

    /** {@code _IOWR('f', 16, struct pm_scan_arg)}. */
    private static final long PAGEMAP_SCAN = 0xc0606610L;

    private static final int ARGUMENT_BYTES = 12 * Long.BYTES;
    private static final int START = 2 * Long.BYTES;
    private static final int END = 3 * Long.BYTES;
    private static final int WALK_END = 4 * Long.BYTES;
    private static final int VECTOR = 5 * Long.BYTES;
    private static final int VECTOR_LENGTH = 6 * Long.BYTES;
    private static final int ANY_OF = 10 * Long.BYTES;
    private static final int RETURNED = 11 * Long.BYTES;
    private static final long PRESENT_OR_SWAPPED = 1 << 3 | 1 << 4;

    private static final int REGION_BYTES = 3 * Long.BYTES;
    private static final int REGIONS = 1024;

    private final int fd;
    private final ByteBuffer argument =
            ByteBuffer.allocateDirect(ARGUMENT_BYTES).order(ByteOrder.nativeOrder());
    private final ByteBuffer regions =
            ByteBuffer.allocateDirect(REGIONS * REGION_BYTES).order(ByteOrder.nativeOrder());

    /** Hears of ranges, in the order of their addresses. */
    @FunctionalInterface
    interface Visitor {
        /** A range that has pages throughout. */
        void range(long start, long end) throws IOException;
    }

    private PopulatedRanges(int fd) {
        this.fd = fd;
        argument.putLong(0, ARGUMENT_BYTES)
                .putLong(VECTOR, Libc.address(regions))
                .putLong(VECTOR_LENGTH, REGIONS)
                .putLong(ANY_OF, PRESENT_OR_SWAPPED)
                .putLong(RETURNED, PRESENT_OR_SWAPPED);
    }

    /** The ranges of the process that this file belongs to; empty if the kernel is too old. */
    static Optional<PopulatedRanges> of(Path pagemap) {
        final int fd = LIBC.open(pagemap.toString(), O_RDONLY | Libc.O_CLOEXEC, 0);
        if (fd < 0) {
            return Optional.empty();
        }
        final PopulatedRanges ranges = new PopulatedRanges(fd);
        if (ranges.next(0, 0) == 0) {
            return Optional.of(ranges);
        }
        ranges.close();
        return Optional.empty();
    }

    /**
     * Tells {@code visitor} of every range between two addresses.
     *
     * @throws IOException when the process has ended, or what {@code visitor} throws
     */
    void visit(long start, long end, Visitor visitor) throws IOException {
        long at = start;
        while (at < end) {
            final int count = next(at, end);
            if (count < 0) {
                throw new IOException("PAGEMAP_SCAN: " + LIBC.strerror(LIBC.errno()));
            }
            at = argument.getLong(WALK_END);
            // The visitor may call nothing that changes the regions.
            for (int i = 0; i < count; i++) {
                visitor.range(regions.getLong(i * REGION_BYTES), regions.getLong(i * REGION_BYTES + Long.BYTES));
            }
        }
    }

    /** The number of regions found; -1 on an error. */
    private int next(long start, long end) {
        argument.putLong(START, start).putLong(END, end);
        int count;
        do {
            count = LIBC.ioctl(fd, PAGEMAP_SCAN, Libc.address(argument));
        } while (count < 0 && LIBC.errno() == Errno.EINTR);
        return count;
    }

    @Override
    public void close() {
        LIBC.close(fd);
    }
}
