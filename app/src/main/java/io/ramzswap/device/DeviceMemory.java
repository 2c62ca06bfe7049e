package io.ramzswap.device;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.arena.SharedMemoryException;
import io.ramzswap.allocator.xvmalloc.XvMalloc;
import io.ramzswap.table.FillValues;
import io.ramzswap.table.PageTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadFactory;

/**
 * All memory of a device: its tables, fully populated, and its arena.
 *
 * <pre>
 *   tables:  0             8 * slots   rounded up to 32 KiB    + 32 KiB
 *            +-------------+-----------+-----------------------+
 *            | page table  | padding   | fill values           |
 *            +-------------+-----------+-----------------------+
 * </pre>
 */
final class DeviceMemory implements AutoCloseable {
    /** A default limit covers pages alone: this share of them, and this much, comes on top for metadata. */
    private static final int METADATA_SHARE = 64;

    private static final long METADATA_BYTES = 1 << 20;
    private static final long LEAST_ROOM_BYTES = 64 << 10;
    private static final int SLOTS_A_SLAB_SHIFT =
            Long.numberOfTrailingZeros(SharedMemory.SLAB_BYTES / PageTable.WORD_BYTES);

    private final SharedMemory tables;
    private final PageTable pageTable;
    private final FillValues fillValues;
    private final Arena arena;
    private final Allocator allocator;

    private DeviceMemory(SharedMemory tables, long pageTableBytes, Arena arena) {
        this.tables = tables;
        this.pageTable = new PageTable(slabs(tables, pageTableBytes), SLOTS_A_SLAB_SHIFT);
        this.fillValues = new FillValues(tables.slab(pageTableBytes)
                .slice(SharedMemory.position(pageTableBytes), FillValues.BYTES)
                .order(ByteOrder.nativeOrder()));
        this.arena = arena;
        this.allocator = XvMalloc.create(arena);
    }

    /** Reserves and populates; on failure nothing is left behind. */
    static DeviceMemory create(DeviceSettings settings, ThreadFactory threads) throws DeviceException {
        // Whole multiples of the fill values' size, so that those never cross a slab.
        long pageTableBytes = roundUp((long) settings.slots() * PageTable.WORD_BYTES, FillValues.BYTES);
        long tableBytes = pageTableBytes + FillValues.BYTES;
        long arenaLimit = settings.memLimitGiven()
                ? settings.memLimitBytes() - tableBytes
                : settings.memLimitBytes() + settings.memLimitBytes() / METADATA_SHARE + METADATA_BYTES;
        if (arenaLimit < LEAST_ROOM_BYTES) {
            throw noRoom(settings, tableBytes);
        }
        SharedMemory tables = populated(tableBytes);
        try {
            Arena arena = Arena.create(ArenaOptions.ofLimit(arenaLimit)
                    .withReserveBytes(ReserveSize.of(HostMemory.totalBytes()))
                    .withThreadFactory(threads));
            DeviceMemory memory = new DeviceMemory(tables, pageTableBytes, arena);
            if (arena.limitBytes() - arena.usedBytes() < LEAST_ROOM_BYTES) {
                memory.close();
                throw noRoom(settings, tableBytes + arena.usedBytes());
            }
            return memory;
        } catch (SharedMemoryException e) {
            tables.close();
            throw noMemory(e);
        }
    }

    private static SharedMemory populated(long bytes) throws DeviceException {
        try {
            SharedMemory tables = SharedMemory.create("ramzswap-tables", bytes);
            if (tables.populate(0, bytes) != 0) {
                tables.close();
                throw new DeviceException(
                        "no memory for the device: its tables need " + kib(bytes) + "; free memory or lower disksize");
            }
            return tables;
        } catch (SharedMemoryException e) {
            throw noMemory(e);
        }
    }

    private static DeviceException noMemory(SharedMemoryException cause) {
        return new DeviceException("no memory for the device: " + cause.getMessage(), cause);
    }

    private static DeviceException noRoom(DeviceSettings settings, long metadataBytes) {
        return new DeviceException("memlimit " + kib(settings.memLimitBytes()) + " is too small for disksize "
                + kib(settings.diskSizeBytes()) + ": its tables take " + kib(metadataBytes)
                + "; raise memlimit or lower disksize");
    }

    private static String kib(long bytes) {
        return (bytes >> 10) + " KiB";
    }

    private static long roundUp(long bytes, long unit) {
        return (bytes + unit - 1) / unit * unit;
    }

    /** The first {@code bytes} of a range, slab by slab. */
    private static ByteBuffer[] slabs(SharedMemory memory, long bytes) {
        ByteBuffer[] slabs = new ByteBuffer[(int) (roundUp(bytes, SharedMemory.SLAB_BYTES) / SharedMemory.SLAB_BYTES)];
        for (int i = 0; i < slabs.length; i++) {
            slabs[i] = memory.slab(i * SharedMemory.SLAB_BYTES);
        }
        return slabs;
    }

    PageTable pageTable() {
        return pageTable;
    }

    FillValues fillValues() {
        return fillValues;
    }

    Arena arena() {
        return arena;
    }

    Allocator allocator() {
        return allocator;
    }

    /** Arena, page table and allocator metadata: what the memory limit holds down. */
    long usedBytes() {
        return tables.bytes() + arena.usedBytes();
    }

    /** What {@link #usedBytes} cannot pass. */
    long ceilingBytes() {
        return tables.bytes() + arena.limitBytes();
    }

    /** No thread may be using the memory, nor touch it afterwards. */
    @Override
    public void close() {
        arena.close();
        tables.close();
    }
}
