package io.ramzswap.swap;

import io.ramzswap.host.ActiveSwaps;
import io.ramzswap.host.MemInfo;
import io.ramzswap.host.SwapArea;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The swap areas and the memory of a machine, for operations that cannot do without.
 *
 * @param swaps the areas in use
 * @param memory the figures of memory
 */
public record MemoryUse(ActiveSwaps swaps, MemInfo memory) {
    /** The memory of this machine. */
    public static MemoryUse ofThisMachine() {
        return in(Path.of("/proc"));
    }

    /** The memory that a procfs describes. */
    public static MemoryUse in(Path proc) {
        return new MemoryUse(ActiveSwaps.in(proc), MemInfo.in(proc));
    }

    /** The active areas. */
    public List<SwapArea> swapAreas() throws OperationException {
        try {
            return swaps.read();
        } catch (IOException e) {
            throw unreadable(swaps.file(), e);
        }
    }

    /** Memory that programs could get without anything being swapped out, in bytes. */
    public long availableBytes() throws OperationException {
        try {
            return memory.bytes(MemInfo.AVAILABLE)
                    .orElseThrow(() ->
                            new OperationException(Refusal.INTERNAL, memory.file() + " has no " + MemInfo.AVAILABLE));
        } catch (IOException e) {
            throw unreadable(memory.file(), e);
        }
    }

    private static OperationException unreadable(Path file, IOException e) {
        return new OperationException(Refusal.INTERNAL, file + " cannot be read: " + e.getMessage(), e);
    }
}
