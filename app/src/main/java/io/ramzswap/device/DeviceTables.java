package io.ramzswap.device;

import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.arena.SharedMemoryException;
import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.table.FillValues;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.WriteStamps;
import java.nio.ByteBuffer;

/**
 * What a device keeps for each slot, and its fill values, in one range of shared memory. Each table begins a slab; what
 * lies between them is address space without memory. All of it is populated at the start, so no write waits for it.
 */
final class DeviceTables implements AutoCloseable {
    private static final long SLAB_BYTES = SharedMemory.SLAB_BYTES;
    private static final int PAGE_SIZE = DeviceSettings.PAGE_SIZE;

    private final SharedMemory memory;
    private final long bytes;
    private final PageTable pageTable;
    private final WriteStamps stamps;
    private final FillValues fillValues;

    private DeviceTables(SharedMemory memory, int slots) {
        this.memory = memory;
        this.bytes = bytes(slots);
        long stampsOffset = slabs(pageTableBytes(slots));
        long fillValuesOffset = stampsOffset + slabs(stampBytes(slots));
        pageTable = new PageTable(section(0, pageTableBytes(slots)), slabShift(PageTable.WORD_BYTES));
        stamps = new WriteStamps(section(stampsOffset, stampBytes(slots)), slabShift(WriteStamps.STAMP_BYTES));
        fillValues = new FillValues(section(fillValuesOffset, FillValues.BYTES)[0]);
    }

    /**
     * Makes empty tables.
     *
     * @throws SharedMemoryException if there is no memory for them; nothing is left behind
     */
    static DeviceTables create(int slots) {
        long range = slabs(pageTableBytes(slots)) + slabs(stampBytes(slots)) + FillValues.BYTES;
        try (Undo undo = new Undo()) {
            SharedMemory memory = undo.with(SharedMemory.create("ramzswap-tables", range), SharedMemory::close);
            return undo.done(new DeviceTables(memory, slots));
        }
    }

    /** Memory that tables for so many slots take. */
    static long bytes(int slots) {
        return pageTableBytes(slots) + stampBytes(slots) + FillValues.BYTES;
    }

    private static long pageTableBytes(int slots) {
        return roundUp((long) slots * PageTable.WORD_BYTES, PAGE_SIZE);
    }

    private static long stampBytes(int slots) {
        return roundUp((long) slots * WriteStamps.STAMP_BYTES, PAGE_SIZE);
    }

    private static long slabs(long length) {
        return roundUp(length, SLAB_BYTES);
    }

    private static int slabShift(int elementBytes) {
        return Long.numberOfTrailingZeros(SLAB_BYTES / elementBytes);
    }

    private static long roundUp(long length, long unit) {
        return (length + unit - 1) / unit * unit;
    }

    private ByteBuffer[] section(long offset, long length) {
        memory.populateOrThrow(offset, length);
        ByteBuffer[] slabs = new ByteBuffer[(int) (slabs(length) / SLAB_BYTES)];
        for (int i = 0; i < slabs.length; i++) {
            slabs[i] = memory.slab(offset + i * SLAB_BYTES);
        }
        return slabs;
    }

    /** The memory that they lie in, the page table first. */
    SharedMemory memory() {
        return memory;
    }

    PageTable pageTable() {
        return pageTable;
    }

    WriteStamps stamps() {
        return stamps;
    }

    FillValues fillValues() {
        return fillValues;
    }

    /** Memory that the tables take. */
    long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        memory.close();
    }
}
