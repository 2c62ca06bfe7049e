package io.ramzswap.process;

/** A line of /proc that gives a size, as in {@code "VmRSS:   2048 kB"}. */
final class SizeLine {
    private SizeLine() {}

    /** The size, in bytes. */
    static long bytes(String line) {
        return Long.parseLong(
                        line.substring(line.indexOf(':') + 1).replace("kB", "").strip())
                << 10;
    }
}
