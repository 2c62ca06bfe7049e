package io.ramzswap.top;

import io.ramzswap.host.Host;
import java.util.Optional;

/**
 * What the kernel has measured of a block device since it came up. Source: the kernel's block/stat.rst.
 *
 * @param reads requests read
 * @param readMillis time that they took, waiting included
 * @param writes requests written
 * @param writeMillis time that they took
 */
record Latency(long reads, long readMillis, long writes, long writeMillis) {
    private static final int READS = 0;
    private static final int READ_MILLIS = 3;
    private static final int WRITES = 4;
    private static final int WRITE_MILLIS = 7;

    /** Of a kernel device; nothing is known of one that is served over a socket. */
    static Optional<Latency> of(Host host, String device) {
        if (!device.startsWith("/dev/")) {
            return Optional.empty();
        }
        String[] fields = host.line("/sys/block/" + device.substring("/dev/".length()) + "/stat")
                .orElse("")
                .split(" +", -1);
        try {
            return fields.length <= WRITE_MILLIS
                    ? Optional.empty()
                    : Optional.of(new Latency(
                            Long.parseLong(fields[READS]),
                            Long.parseLong(fields[READ_MILLIS]),
                            Long.parseLong(fields[WRITES]),
                            Long.parseLong(fields[WRITE_MILLIS])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Milliseconds a read took since {@code before}; not a number if there was none. */
    double readMillisSince(Latency before) {
        return (double) (readMillis - before.readMillis) / (reads - before.reads);
    }

    /** Milliseconds a write took since {@code before}; not a number if there was none. */
    double writeMillisSince(Latency before) {
        return (double) (writeMillis - before.writeMillis) / (writes - before.writes);
    }
}
