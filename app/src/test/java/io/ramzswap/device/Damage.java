package io.ramzswap.device;

import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.table.PageWord;
import java.nio.ByteBuffer;

/** Damages stored pages as failing memory would. */
final class Damage {
    private Damage() {}

    /** Inverts a byte of what is stored for a slot, counted from the object's header or the raw page's first byte. */
    static void flipByte(RamzswapDevice device, int slot, int index) {
        DeviceMemory memory = device.memory();
        long word = memory.tables().pageTable().get(slot);
        long location = PageWord.location(word);
        long offset = PageWord.state(word) == PageWord.RAW
                ? memory.arena().frameOffset(location)
                : memory.allocator().offset(location);
        ByteBuffer slab = memory.arena().slab(offset);
        int at = Arena.position(offset) + index;
        slab.put(at, (byte) ~slab.get(at));
    }

    /** Inverts a bit of the eight bytes at an offset, a multiple of eight. */
    static void flipBit(SharedMemory memory, long offset, int bit) {
        long mask = 1L << bit;
        if ((memory.setBits(offset, mask) & mask) != 0) {
            memory.clearBits(offset, mask);
        }
    }
}
