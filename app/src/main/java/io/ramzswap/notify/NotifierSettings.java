package io.ramzswap.notify;

import io.ramzswap.host.ActiveSwaps;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a notifier is to watch, and where.
 *
 * @param name the device's, as in nbd0
 * @param deviceNumber as the kernel has it inside: major number &lt;&lt; 20 | minor number
 * @param candidates the functions that may be watched
 * @param delayNanos waits so long before each look, for tests of lateness; 0 for none
 * @param btf the kernel's description of its types
 * @param symbols the kernel's symbols
 */
record NotifierSettings(
        String name,
        int deviceNumber,
        List<SlotParameter> candidates,
        long delayNanos,
        Path btf,
        Path symbols,
        ActiveSwaps swaps) {
    /** A comma-separated list of functions, for tests: others are not watched. */
    private static final String FUNCTIONS_PROPERTY = "ramzswap.notify.functions";

    private static final String DELAY_PROPERTY = "ramzswap.notify.delayMillis";

    static NotifierSettings ofThisMachine(String name, int deviceNumber) {
        String functions = System.getProperty(FUNCTIONS_PROPERTY, "");
        List<SlotParameter> candidates = SlotParameter.KNOWN.stream()
                .filter(candidate ->
                        functions.isEmpty() || List.of(functions.split(",", -1)).contains(candidate.function()))
                .toList();
        return new NotifierSettings(
                name,
                deviceNumber,
                candidates,
                TimeUnit.MILLISECONDS.toNanos(Long.getLong(DELAY_PROPERTY, 0)),
                Path.of("/sys/kernel/btf/vmlinux"),
                Path.of("/proc/kallsyms"),
                ActiveSwaps.ofThisMachine());
    }

    String path() {
        return "/dev/" + name;
    }
}
