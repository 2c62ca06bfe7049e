package io.ramzswap.writeback;

import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.arena.SharedMemoryException;
import io.ramzswap.table.AccessAges;

/** The memory of {@link AccessAges}, populated at the start. */
public final class AgeTable implements AutoCloseable {
    private final SharedMemory memory;
    private final AccessAges ages;

    private AgeTable(SharedMemory memory) {
        this.memory = memory;
        this.ages = new AccessAges(
                memory.slabs(), Long.numberOfTrailingZeros(SharedMemory.SLAB_BYTES / AccessAges.AGE_BYTES));
    }

    /**
     * One for so many slots.
     *
     * @throws SharedMemoryException if there is no memory; nothing is left behind
     */
    public static AgeTable create(int slots) {
        return new AgeTable(SharedMemory.createPopulated("ramzswap-ages", bytes(slots)));
    }

    /** Memory that one for so many slots takes. */
    public static long bytes(int slots) {
        return (long) slots * AccessAges.AGE_BYTES;
    }

    /** The ages. */
    public AccessAges ages() {
        return ages;
    }

    /** Memory that it takes. */
    public long bytes() {
        return memory.bytes();
    }

    @Override
    public void close() {
        memory.close();
    }
}
