package io.ramzswap.swap;

import io.ramzswap.attach.OperationException;
import io.ramzswap.control.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the kernel says of swap and memory. Source: proc_swaps(5), proc_meminfo(5).
 *
 * @param proc where procfs is
 */
public record ProcSwaps(Path proc) {
    private static final int PATH_FIELD = 0;
    private static final int USED_FIELD = 3;
    private static final int FIELDS = 5;
    private static final String AVAILABLE = "MemAvailable:";

    /**
     * A swap area.
     *
     * @param path its device or file
     * @param usedBytes what is swapped out to it
     */
    public record Area(String path, long usedBytes) {}

    /** That of this machine. */
    public static ProcSwaps ofThisMachine() {
        return new ProcSwaps(Path.of("/proc"));
    }

    /** The active areas. */
    public List<Area> read() throws OperationException {
        return lines("swaps").stream()
                .skip(1)
                .map(line -> line.split("\\s+", -1))
                .filter(fields -> fields.length == FIELDS)
                .map(fields -> new Area(fields[PATH_FIELD], Long.parseLong(fields[USED_FIELD]) << 10))
                .toList();
    }

    /** Memory that programs could get without anything being swapped out, in bytes. */
    public long availableBytes() throws OperationException {
        return lines("meminfo").stream()
                .filter(line -> line.startsWith(AVAILABLE))
                .mapToLong(line -> Long.parseLong(line.split("\\s+", -1)[1]) << 10)
                .findFirst()
                .orElseThrow(() ->
                        new OperationException(ErrorCode.INTERNAL, proc.resolve("meminfo") + " has no " + AVAILABLE));
    }

    private List<String> lines(String name) throws OperationException {
        Path file = proc.resolve(name);
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new OperationException(ErrorCode.INTERNAL, file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
