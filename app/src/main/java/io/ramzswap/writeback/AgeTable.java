package io.ramzswap.writeback;

import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.arena.SharedMemoryException;
import io.ramzswap.table.AccessAges;
import java.nio.ByteBuffer;

/** The memory of {@link AccessAges}, populated at the start. */
public final class AgeTable implements AutoCloseable {
    private final SharedMemory memory;
    private final AccessAges ages;

    private AgeTable(SharedMemory memory) {
        this.memory = memory;
        ByteBuffer[] slabs = new ByteBuffer[(int) ((memory.bytes() - 1) / SharedMemory.SLAB_BYTES) + 1];
        for (int i = 0; i < slabs.length; i++) {
            slabs[i] = memory.slab(i * SharedMemory.SLAB_BYTES);
        }
        this.ages = new AccessAges(slabs, Long.numberOfTrailingZeros(SharedMemory.SLAB_BYTES / AccessAges.AGE_BYTES));
    }

    /**
     * One for so many slots.
     *
     * @throws SharedMemoryException if there is no memory; nothing is left behind
     */
    public static AgeTable create(int slots) {
        SharedMemory memory = SharedMemory.create("ramzswap-ages", (long) slots * AccessAges.AGE_BYTES);
        try {
            memory.populateOrThrow(0, memory.bytes());
            return new AgeTable(memory);
        } catch (SharedMemoryException e) {
            memory.close();
            throw e;
        }
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
