package io.ramzswap.swap;

import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import io.ramzswap.host.MemInfo;
import io.ramzswap.host.ProcFile;
import io.ramzswap.host.SwapArea;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the kernel says of swap and memory. Source: proc_swaps(5), proc_meminfo(5).
 *
 * @param proc where procfs is
 */
public record ProcSwaps(Path proc) {
    /** That of this machine. */
    public static ProcSwaps ofThisMachine() {
        return new ProcSwaps(Path.of("/proc"));
    }

    /** The active areas. */
    public List<SwapArea> read() throws OperationException {
        return SwapArea.parse(lines("swaps"));
    }

    /** Memory that programs could get without anything being swapped out, in bytes. */
    public long availableBytes() throws OperationException {
        return MemInfo.bytes(lines("meminfo"), MemInfo.AVAILABLE)
                .orElseThrow(() -> new OperationException(
                        Refusal.INTERNAL, proc.resolve("meminfo") + " has no " + MemInfo.AVAILABLE));
    }

    private List<String> lines(String name) throws OperationException {
        Path file = proc.resolve(name);
        try {
            return ProcFile.lines(file);
        } catch (IOException e) {
            throw new OperationException(Refusal.INTERNAL, file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
