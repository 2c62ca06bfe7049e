package io.ramzswap.shortage;

import io.ramzswap.host.ActiveSwaps;
import io.ramzswap.host.MemInfo;
import io.ramzswap.host.SwapArea;
import io.ramzswap.nbd.closing.Undo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** Whether the host has anywhere to go for memory, as the kernel tells. Source: proc_meminfo(5), proc_swaps(5). */
final class HostMemoryState implements AutoCloseable {
    /** A host that has this share of its memory available can still get some by dropping pages of files. */
    private static final int AVAILABLE_DIVISOR = 20;

    /** An area with less room is full: the kernel keeps some slots at hand for each CPU. */
    private static final long FULL_BYTES = 1 << 20;

    private final KeptFile memInfo;
    private final KeptFile swaps;

    private HostMemoryState(KeptFile memInfo, KeptFile swaps) {
        this.memInfo = memInfo;
        this.swaps = swaps;
    }

    /** Opens what it needs below {@code proc}. */
    static HostMemoryState open(Path proc) throws IOException {
        try (Undo undo = new Undo()) {
            KeptFile memInfo = undo.with(KeptFile.open(MemInfo.in(proc).file()), KeptFile::close);
            return undo.done(new HostMemoryState(
                    memInfo, KeptFile.open(ActiveSwaps.in(proc).file())));
        }
    }

    /**
     * Whether next to no memory is available, and no swap area has room for pages but those that refuse them.
     *
     * @param refusing whether the area of this name may be one of these
     */
    boolean isAtItsEnd(Predicate<String> refusing) throws IOException {
        List<String> lines = memInfo.lines();
        long total = MemInfo.bytes(lines, MemInfo.TOTAL).orElse(0);
        long available = MemInfo.bytes(lines, MemInfo.AVAILABLE).orElse(Long.MAX_VALUE);
        if (available >= total / AVAILABLE_DIVISOR) {
            return false;
        }
        List<SwapArea> areas = SwapArea.parse(swaps.lines());
        return areas.stream().anyMatch(area -> refusing.test(area.path()))
                && areas.stream()
                        .filter(area -> !refusing.test(area.path()))
                        .allMatch(area -> area.sizeBytes() - area.usedBytes() < FULL_BYTES);
    }

    @Override
    public void close() throws IOException {
        memInfo.close();
        swaps.close();
    }
}
